#include "datamodels/metadata.hpp"

#include "core/error.hpp"

namespace spec2 {

bool Metadata::has(std::string_view keyword) const { return find(keyword) != nullptr; }

const MetaValue* Metadata::find(std::string_view keyword) const {
  const auto found = index_.find(std::string(keyword));
  return found == index_.end() ? nullptr : &entries_[found->second].value;
}

void Metadata::set(std::string_view keyword, MetaValue value) {
  const auto [place, is_new] = index_.try_emplace(std::string(keyword), entries_.size());
  if (is_new) {
    entries_.push_back({std::string(keyword), std::move(value)});
  } else {
    entries_[place->second].value = std::move(value);
  }
}

void Metadata::erase(std::string_view keyword) {
  const auto found = index_.find(std::string(keyword));
  if (found == index_.end()) return;
  const std::size_t gone = found->second;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(gone));
  index_.erase(found);
  for (auto& [name, place] : index_) {
    if (place > gone) --place;
  }
}

void Metadata::update(const Metadata& other) {
  for (const Entry& entry : other.entries_) set(entry.keyword, entry.value);
}

std::optional<std::string> Metadata::find_text(std::string_view keyword) const {
  const MetaValue* const value = find(keyword);
  const std::string* const text = value ? std::get_if<std::string>(value) : nullptr;
  if (!text) return std::nullopt;
  const std::size_t end = text->find_last_not_of(' ');
  return end == std::string::npos ? std::string() : text->substr(0, end + 1);
}

std::optional<double> Metadata::find_real(std::string_view keyword) const {
  const MetaValue* const value = find(keyword);
  if (!value) return std::nullopt;
  if (const double* const real = std::get_if<double>(value)) return *real;
  if (const std::int64_t* const integer = std::get_if<std::int64_t>(value)) return static_cast<double>(*integer);
  return std::nullopt;
}

std::optional<std::int64_t> Metadata::find_integer(std::string_view keyword) const {
  const MetaValue* const value = find(keyword);
  const std::int64_t* const integer = value ? std::get_if<std::int64_t>(value) : nullptr;
  return integer ? std::optional(*integer) : std::nullopt;
}

std::optional<bool> Metadata::find_boolean(std::string_view keyword) const {
  const MetaValue* const value = find(keyword);
  const bool* const boolean = value ? std::get_if<bool>(value) : nullptr;
  return boolean ? std::optional(*boolean) : std::nullopt;
}

void Metadata::refuse(std::string_view keyword, std::string_view wanted) const {
  const bool missing = !has(keyword);
  throw Error(ErrorCause::data, missing ? fmt::format("header keyword {} is missing", keyword)
                                        : fmt::format("header keyword {} is not {}", keyword, wanted),
              {.file = file_, .keyword = std::string(keyword)},
              "Take a count-rate file written by stage 1, or set the keyword");
}

std::string Metadata::text(std::string_view keyword) const {
  auto found = find_text(keyword);
  if (!found) refuse(keyword, "text");
  return *std::move(found);
}

double Metadata::real(std::string_view keyword) const {
  const auto found = find_real(keyword);
  if (!found) refuse(keyword, "a number");
  return *found;
}

std::int64_t Metadata::integer(std::string_view keyword) const {
  const auto found = find_integer(keyword);
  if (!found) refuse(keyword, "an integer");
  return *found;
}

}  // namespace spec2
