#include "pipeline/association/association.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "pipeline/association/association_text.hpp"

namespace spec2::pipeline {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, MemberType>, 8> kTypes = {
    {{"science", MemberType::science},
     {"background", MemberType::background},
     {"imprint", MemberType::imprint},
     {"selfcal", MemberType::selfcal},
     {"sourcecat", MemberType::sourcecat},
     {"segmap", MemberType::segmap},
     {"direct_image", MemberType::direct_image},
     {"target_acquisition", MemberType::target_acquisition}}};

MemberType type_of(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.first == text; });
  return found == kTypes.end() ? MemberType::other : found->second;
}

/// The absolute folder in which members lie.
fs::path folder_of(const fs::path& file) { return fs::absolute(file).lexically_normal().parent_path(); }

class Reader {
 public:
  Reader(const fs::path& file, MemberPlace place) : place_(place), folder_(folder_of(file)) {
    association_.file = file;
    association_.table_name = file.filename().string();
  }

  Association read(std::string_view text) {
    const json tree = read_association_tree(text, association_.file, association_.warnings);
    if (!tree.is_object()) refuse("the association is not a JSON object", "");
    association_.type = text_of(tree, "asn_type", "", association_.type);
    association_.rule = text_of(tree, "asn_rule", "", association_.rule);
    association_.pool = text_of(tree, "asn_pool", "", association_.pool);
    text_of(tree, "program", "", "");
    if (tree.contains("asn_id") && tree["asn_id"].is_string()) association_.id = tree["asn_id"].get<std::string>();
    const json& products = list_of(tree, "products", "");
    if (products.empty()) refuse("the association has no products", "products");
    for (std::size_t i = 0; i < products.size(); ++i) {
      association_.products.push_back(product(products[i], fmt::format("products[{}]", i)));
    }
    require_distinct_names();
    return std::move(association_);
  }

 private:
  /// `key` is the place in the tree, such as products[0].members[1].expname.
  [[noreturn]] void refuse(std::string problem, std::string_view key,
                           std::string advice = "Correct the association, or fetch it again from the archive.") const {
    throw Error(ErrorCause::user_input, std::move(problem), {.file = association_.file.string(), .keyword = std::string(key)},
                std::move(advice));
  }

  static std::string key_of(const std::string& place, std::string_view key) {
    return place.empty() ? std::string(key) : fmt::format("{}.{}", place, key);
  }

  std::string text_of(const json& tree, const char* key, const std::string& place, std::optional<std::string> otherwise) const {
    const auto found = tree.find(key);
    if (found == tree.end()) {
      if (otherwise) return *otherwise;
      refuse("a required entry is missing", key_of(place, key));
    }
    if (!found->is_string()) refuse("the entry is not a text", key_of(place, key));
    return found->get<std::string>();
  }

  const json& list_of(const json& tree, const char* key, const std::string& place) const {
    const auto found = tree.find(key);
    if (found == tree.end()) refuse("a required entry is missing", key_of(place, key));
    if (!found->is_array()) refuse("the entry is not a list", key_of(place, key));
    return *found;
  }

  Product product(const json& tree, const std::string& place) {
    if (!tree.is_object()) refuse("a product is not an object", place);
    const json& members = list_of(tree, "members", place);
    Product result;
    result.name = text_of(tree, "name", place, std::nullopt);
    // The name goes into FITS headers, which hold printable ASCII only.
    const bool printable = std::all_of(result.name.begin(), result.name.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (!printable) {
      refuse(fmt::format("the product name '{}' has characters that FITS headers cannot hold", result.name),
             key_of(place, "name"));
    }
    result.root = product_root(result.name);
    for (std::size_t i = 0; i < members.size(); ++i) {
      result.members.push_back(member(members[i], fmt::format("{}.members[{}]", place, i), result.name));
    }
    const auto science = std::count_if(result.members.begin(), result.members.end(),
                                       [](const Member& one) { return one.type == MemberType::science; });
    if (science == 0) refuse(fmt::format("product '{}' has no science member", result.name), key_of(place, "members"));
    if (science > 1) {
      warn("product '{}' has {} science members; the first is used: {}", result.name, science,
           result.science().file.filename().string());
    }
    warn_of_repeats(result);
    return result;
  }

  /// A background given twice counts twice, as in the peer; few users will want that.
  void warn_of_repeats(const Product& product) {
    std::set<std::pair<MemberType, fs::path>> seen;
    for (const Member& one : product.members) {
      if (seen.emplace(one.type, one.file).second || one.type == MemberType::science) continue;
      warn("member {} of product '{}' is given twice as {} and counts twice", one.file.filename().string(), product.name,
           one.exptype);
    }
  }

  Member member(const json& tree, const std::string& place, const std::string& product_name) {
    if (!tree.is_object()) refuse("a member is not an object with expname and exptype", place);
    const std::string name = text_of(tree, "expname", place, std::nullopt);
    Member result;
    result.exptype = text_of(tree, "exptype", place, std::nullopt);
    result.type = type_of(result.exptype);
    if (result.type == MemberType::other) {
      warn("member {} of product '{}' has the unknown type '{}' and is not used", name, product_name, result.exptype);
    }
    result.file = file_of(name, key_of(place, "expname"));
    return result;
  }

  fs::path file_of(const std::string& name, const std::string& key) {
    if (name.empty() || name.find('\0') != std::string::npos) refuse("the name of a member is empty", key);
    fs::path path = (folder_ / name).lexically_normal();
    const fs::path inside = path.lexically_relative(folder_);
    const bool outside = inside.empty() || *inside.begin() == ".." || inside == ".";
    if (outside && place_ == MemberPlace::inside_folder) {
      refuse(fmt::format("member '{}' lies outside the folder of the association", name), key,
             "Put the exposures beside the association (links will do).");
    }
    if (name.find('/') != std::string::npos) warn("member {} names a folder; members are expected beside the association", name);
    return path;
  }

  void require_distinct_names() const {
    std::map<std::string, const Product*> by_root;
    for (std::size_t i = 0; i < association_.products.size(); ++i) {
      const Product& one = association_.products[i];
      const auto [known, is_new] = by_root.try_emplace(one.root.text, &one);
      if (is_new) continue;
      refuse(fmt::format("products '{}' and '{}' would write the same files ({})", known->second->name, one.name,
                         one.root.file_name("cal")),
             fmt::format("products[{}].name", i), "Give each product a name of its own.");
    }
  }

  template <typename... Values>
  void warn(fmt::format_string<Values...> form, Values&&... values) {
    association_.warnings.push_back(fmt::format(form, std::forward<Values>(values)...));
  }

  MemberPlace place_;
  fs::path folder_;
  Association association_;
};

}  // namespace

std::string_view to_string(MemberType type) noexcept {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.second == type; });
  return found == kTypes.end() ? "other" : found->first;
}

const Member& Product::science() const {
  const auto found =
      std::find_if(members.begin(), members.end(), [](const Member& one) { return one.type == MemberType::science; });
  if (found == members.end()) throw Error(ErrorCause::user_input, fmt::format("product '{}' has no science member", name));
  return *found;
}

std::vector<fs::path> Product::files(MemberType type) const {
  std::vector<fs::path> found;
  for (const Member& member : members) {
    if (member.type == type) found.push_back(member.file);
  }
  return found;
}

Association parse_association(std::string_view text, const fs::path& file, MemberPlace place) {
  return Reader(file, place).read(text);
}

Association load_association(const fs::path& file, MemberPlace place) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    throw Error(ErrorCause::user_input, "there is no such association or exposure", {.file = file.string()},
                "Check the name and the folder.");
  }
  if (!fs::is_regular_file(file, error)) {
    throw Error(ErrorCause::user_input, "this is not a file", {.file = file.string()}, "Give an association or an exposure.");
  }
  if (file.extension() == ".fits") return association_of_exposure(file);
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    throw Error(ErrorCause::system, fmt::format("cannot read the association ({})", std::strerror(errno)),
                {.file = file.string()}, "Check that you may read it and that it is not empty.");
  }
  return parse_association(text.view(), file, place);
}

Association association_of_exposure(const fs::path& exposure) {
  Association association;
  association.file = exposure;
  association.table_name = "None";
  association.pool = "singleton";
  Product product;
  product.root = product_root(exposure.filename().string());
  product.name = product.root.text;
  product.members.push_back({fs::absolute(exposure).lexically_normal(), MemberType::science, "science"});
  association.products.push_back(std::move(product));
  return association;
}

}  // namespace spec2::pipeline
