#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "datamodels/metadata.hpp"

namespace spec2::io {

/// A value as YAML 1.1 has it: text quoted, numbers with all their digits.
std::string yaml_scalar(const MetaValue& value);

/// A tree of named values, as the ASDF extension of a product holds the metadata; names are in alphabetical order.
class MetaTree {
 public:
  /// Sets the value at a path such as "meta.exposure.type". A path below a value that is set already is left out.
  void set(std::string_view path, const MetaValue& value);
  /// Sets text that is YAML already; it follows the name and its colon directly and ends with a line end.
  void set_yaml(std::string_view path, std::string yaml);
  bool empty() const { return children_.empty(); }

  /// Adds the tree as YAML lines, each name after `indent` blanks.
  void append_to(std::string& text, std::size_t indent) const;

 private:
  MetaTree* leaf(std::string_view path);

  std::map<std::string, std::unique_ptr<MetaTree>, std::less<>> children_;
  std::string yaml_;  ///< of a leaf, empty for a branch
};

}  // namespace spec2::io
