#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/association/product_name.hpp"

namespace spec2::pipeline {

/// What a member is for. Types that stage 2 does not know are `other` and are not used.
enum class MemberType : std::uint8_t {
  science,
  background,
  imprint,
  selfcal,
  sourcecat,
  segmap,
  direct_image,
  target_acquisition,
  other
};
std::string_view to_string(MemberType type) noexcept;

struct Member {
  std::filesystem::path file;  ///< in the folder of the association; may be missing
  MemberType type = MemberType::other;
  std::string exptype;  ///< as written
};

/// One product of an association: what comes of one science exposure.
struct Product {
  std::string name;  ///< as written
  ProductRoot root;
  std::vector<Member> members;  ///< in their order

  /// The exposure that is calibrated: the first of type science.
  const Member& science() const;
  /// Files of this type in the order of the association.
  std::vector<std::filesystem::path> files(MemberType type) const;
};

/// A level-2b association, checked: it has products, each has a science member, and no two write the same files.
struct Association {
  std::filesystem::path file;
  std::string table_name;     ///< for ASNTABLE: the file's name; "None" for an exposure by itself
  std::string type = "None";  ///< asn_type; not looked at
  std::string rule = "DMSLevel2bBase";
  std::string pool = "none";
  std::string id = "a3001";
  std::vector<Product> products;
  std::vector<std::string> warnings;
};

/// Whether members may lie outside the folder of the association.
enum class MemberPlace { inside_folder, anywhere };

/// Reads an association of any age: JSON, or YAML with a warning, whatever its ending. A .fits file is taken as an
/// association of one product. Throws Error(user_input) saying which product and member is wrong, with line and column for
/// text that cannot be read. Source of the rules: jwst 3.0.0, associations/load_as_asn.py and its level-2b schema.
Association load_association(const std::filesystem::path& file, MemberPlace place = MemberPlace::inside_folder);

/// Same for a text; `file` gives the folder of the members.
Association parse_association(std::string_view text, const std::filesystem::path& file,
                              MemberPlace place = MemberPlace::inside_folder);

/// One exposure as an association of one product.
Association association_of_exposure(const std::filesystem::path& exposure);

}  // namespace spec2::pipeline
