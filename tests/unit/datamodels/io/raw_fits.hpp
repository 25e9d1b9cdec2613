#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "datamodels/io/header_text.hpp"

namespace spec2::test {

/// FITS files written letter by letter, so that headers can say what no writer would.
inline void append_header(std::string& file, const std::vector<io::Card>& cards) {
  std::string header;
  for (const io::Card& card : cards) io::append_card(header, card);
  io::append_end(header);
  file += header;
}

inline std::string primary_header(const std::vector<io::Card>& cards = {}) {
  std::vector<io::Card> all = {
      {"SIMPLE", true, ""}, {"BITPIX", std::int64_t{8}, ""}, {"NAXIS", std::int64_t{0}, ""}, {"EXTEND", true, ""}};
  all.insert(all.end(), cards.begin(), cards.end());
  std::string file;
  append_header(file, all);
  return file;
}

inline void append_image(std::string& file, const std::string& name, int bitpix, const std::vector<std::int64_t>& axes,
                         std::size_t data_bytes, const std::vector<io::Card>& cards = {}) {
  std::vector<io::Card> all = {{"XTENSION", std::string("IMAGE"), ""},
                               {"BITPIX", std::int64_t{bitpix}, ""},
                               {"NAXIS", static_cast<std::int64_t>(axes.size()), ""}};
  for (std::size_t i = 0; i < axes.size(); ++i) all.push_back({"NAXIS" + std::to_string(i + 1), axes[i], ""});
  all.insert(all.end(), {{"PCOUNT", std::int64_t{0}, ""}, {"GCOUNT", std::int64_t{1}, ""}, {"EXTNAME", name, ""}});
  all.insert(all.end(), cards.begin(), cards.end());
  append_header(file, all);
  file.append((data_bytes + io::kBlockLength - 1) / io::kBlockLength * io::kBlockLength, '\0');
}

inline void save(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace spec2::test
