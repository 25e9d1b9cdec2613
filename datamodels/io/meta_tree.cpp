#include "datamodels/io/meta_tree.hpp"

#include <fmt/format.h>

#include "wcs/asdf/yaml_scalar.hpp"

namespace spec2::io {

std::string yaml_scalar(const MetaValue& value) {
  if (const bool* const flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const double* const real = std::get_if<double>(&value)) return asdf::yaml_real(*real);
  return asdf::yaml_text(std::get<std::string>(value));
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
