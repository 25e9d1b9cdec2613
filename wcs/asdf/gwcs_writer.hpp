#pragma once

#include <cstddef>
#include <string>

#include "wcs/asdf/transform_writer.hpp"
#include "wcs/wcs.hpp"

namespace spec2::asdf {

/// Writes the WCSs of the slits of one exposure into one ASDF document, as gwcs 1.0 writes them; transforms they share are
/// written once. Source: the gwcs schemas, version 1.4.
class GwcsWriter {
 public:
  /// Both must live as long as the writer.
  GwcsWriter(AsdfDocument& document, const wcs::Arena& arena) : arena_(arena), transforms_(document, arena) {}

  /// The node as YAML: what follows a name and its colon, then lines of at least `indent` blanks, ending with a line end.
  std::string write(const wcs::Wcs& wcs, std::size_t indent);

 private:
  const wcs::Arena& arena_;
  TransformWriter transforms_;
};

}  // namespace spec2::asdf
