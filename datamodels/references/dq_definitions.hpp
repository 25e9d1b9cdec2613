#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "datamodels/io/fits_file.hpp"

namespace spec2 {

/// The DQ_DEF table of a reference file: which bit of its DQ plane means what. Source: stdatamodels 6 dynamicdq.
class DqDefinitions {
 public:
  /// Reads the table; without one the bits are the standard ones. Names that are no standard flag are passed over.
  static DqDefinitions read(io::FitsFile& file);
  /// Rewrites the file's bits as standard ones.
  void translate(std::span<std::uint32_t> dq) const;

 private:
  struct Bit {
    std::uint32_t in_file;
    std::uint32_t standard;
  };
  std::vector<Bit> bits_;
  bool has_table_ = false;
};

/// Standard flag of a mnemonic ("DO_NOT_USE"); 0 when there is none of this name.
std::uint32_t dq_flag(std::string_view mnemonic) noexcept;
/// Mnemonic of a standard flag, one bit; empty when there is none.
std::string_view dq_mnemonic(std::uint32_t flag) noexcept;

}  // namespace spec2
