#pragma once

#include <string>
#include <string_view>

namespace spec2::pipeline {

/// What file names of a product begin with: "jw01234001001_03101_00001_nrs1" and the character before the suffix.
struct ProductRoot {
  std::string text;
  char separator = '_';

  /// <root><separator><suffix><ending>, such as abc_cal.fits.
  std::string file_name(std::string_view suffix, std::string_view ending = ".fits") const;
  bool operator==(const ProductRoot&) const = default;
};

/// Root of a product's or a file's name: without its folder, without everything from its last dot on, and without one of
/// the known suffixes ("_rate", "_cal"...; the longest that fits). "a/abc-rate.fits" gives "abc" and '-'.
/// Source: jwst 3.0.0, lib/suffix.py and Step.make_output_path.
ProductRoot product_root(std::string_view name);

}  // namespace spec2::pipeline
