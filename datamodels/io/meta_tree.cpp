#include "datamodels/io/meta_tree.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace spec2::io {
namespace {

std::string yaml_real(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
  std::string text = fmt::format("{}", value);
  const std::size_t exponent = text.find('e');
  // YAML 1.1 takes a number without point for a text or an integer.
  if (text.find('.') == std::string::npos) text.insert(std::min(exponent, text.size()), ".0");
  return text;
}

std::string yaml_text(const std::string& value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  std::string text(1, plain ? '\'' : '"');
  for (const char letter : value) {
    const auto code = static_cast<unsigned char>(letter);
    if (plain) {
      text += letter;
      if (letter == '\'') text += letter;
    } else if (letter == '"' || letter == '\\') {
      text += '\\';
      text += letter;
    } else if (code < ' ') {
      text += fmt::format("\\x{:02x}", code);
    } else if (code > '~') {
      text += '?';  // headers are ASCII
    } else {
      text += letter;
    }
  }
  return text += plain ? '\'' : '"';
}

}  // namespace

std::string yaml_scalar(const MetaValue& value) {
  if (const bool* const flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const double* const real = std::get_if<double>(&value)) return yaml_real(*real);
  return yaml_text(std::get<std::string>(value));
}

MetaTree* MetaTree::leaf(std::string_view path) {
  if (!yaml_.empty()) return nullptr;
  const std::size_t dot = path.find('.');
  auto& child = children_[std::string(path.substr(0, dot))];
  if (!child) child = std::make_unique<MetaTree>();
  return dot == std::string_view::npos ? child.get() : child->leaf(path.substr(dot + 1));
}

void MetaTree::set(std::string_view path, const MetaValue& value) { set_yaml(path, fmt::format(" {}\n", yaml_scalar(value))); }

void MetaTree::set_yaml(std::string_view path, std::string yaml) {
  MetaTree* const place = leaf(path);
  if (place && place->children_.empty()) place->yaml_ = std::move(yaml);
}

void MetaTree::append_to(std::string& text, std::size_t indent) const {
  for (const auto& [name, child] : children_) {
    text.append(indent, ' ').append(name).append(":");
    if (child->children_.empty()) {
      text += child->yaml_.empty() ? " {}\n" : child->yaml_;
    } else {
      text += '\n';
      child->append_to(text, indent + 2);
    }
  }
}

}  // namespace spec2::io
