#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcs/arena.hpp"
#include "wcs/asdf/asdf_document.hpp"

namespace spec2::asdf {

/// Writes transforms of one arena into the tree of one ASDF document, with the tags that astropy 8.0, gwcs 1.0 and
/// stdatamodels 6.0 write: the mirror of `read_transform`. A record met again, in this WCS or in that of another slit, becomes an
/// alias of the first; arrays become blocks of the document.
class TransformWriter {
 public:
  /// Both must live as long as the writer.
  TransformWriter(AsdfDocument& document, const wcs::Arena& arena) : document_(document), arena_(arena) {}

  /// The transform as one flow node of YAML; further lines begin with `indent` blanks. Throws Error(internal) for kinds that have
  /// no tag there.
  std::string write(wcs::TransformId id, std::size_t indent);

  /// The first transform of a WCS, which holds the bounding box of the whole: never an alias, the names of its inputs written.
  std::string write_first(wcs::TransformId id, const wcs::BoundingBox& box, std::size_t indent);
  /// As above with one box a slit, chosen by the last input (the slit id).
  std::string write_first(wcs::TransformId id, std::span<const wcs::Arena::SlitBox> boxes, std::size_t indent);

 private:
  /// "tag {a: 1, b: [" being composed; `close` ends it.
  struct Node {
    std::string text;
    bool is_empty = true;
    explicit Node(std::string_view tag) : text(tag) { text += " {"; }
    Node& add(std::string_view name, std::string_view value);
    std::string close() && { return std::move(text += '}'); }
  };

  Node content(wcs::TransformId id, std::size_t indent);
  Node compound(std::string_view operation, wcs::TransformId id, std::size_t indent);
  Node fixed_inputs(wcs::TransformId id, std::size_t indent);
  Node slit_selection(std::string_view name, wcs::TransformId id, std::size_t indent);
  Node polynomial(wcs::TransformId id);
  Node ortho_polynomial(std::string_view type, wcs::TransformId id);
  Node tabular(wcs::TransformId id);
  Node rotations(std::string_view tag, wcs::TransformId id) const;
  void add_attributes(Node& node, wcs::TransformId id, std::span<const std::string_view> inputs, std::size_t indent);
  std::string with_box(wcs::TransformId id, std::span<const std::string_view> inputs, const std::string& box, std::size_t indent);
  std::vector<std::string_view> written_inputs(wcs::TransformId id) const;
  bool is_worth_an_anchor(wcs::TransformId id) const;
  std::string array(std::span<const double> values, std::initializer_list<std::size_t> shape);

  AsdfDocument& document_;
  const wcs::Arena& arena_;
  std::vector<bool> written_;  ///< by index of the record: there is an anchor
};

}  // namespace spec2::asdf
