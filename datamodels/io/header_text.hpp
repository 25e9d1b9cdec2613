#pragma once

#include <string>
#include <string_view>

#include "datamodels/metadata.hpp"

namespace spec2::io {

/// A header card to be written. Numbers keep all their digits; NaN and infinity, which FITS cannot hold, are left out. A
/// card without keyword is a line of comment.
struct Card {
  std::string keyword;
  MetaValue value;
  std::string comment;
};

inline constexpr std::size_t kCardLength = 80;
/// FITS files are made of blocks of this many bytes.
inline constexpr std::size_t kBlockLength = 2880;

/// Adds a card as records of 80 letters; long text goes on in CONTINUE records. Text that no header can hold (line ends,
/// letters beyond ASCII) gets question marks. Keywords that are no FITS keyword (longer than 8 letters) are left out.
/// Source: FITS standard 4.0, sections 4.1 and 4.2.1.2.
void append_card(std::string& header, const Card& card);

/// Adds END and blanks up to a whole block.
void append_end(std::string& header);

}  // namespace spec2::io
