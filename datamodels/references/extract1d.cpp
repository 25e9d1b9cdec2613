#include "datamodels/references/extract1d.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace spec2 {
namespace {

using nlohmann::json;

std::optional<double> real(const json& node, const char* key) {
  return node.contains(key) && !node[key].is_null() ? std::optional(node[key].get<double>()) : std::nullopt;
}

std::optional<Extract1dReference::Polynomials> polynomials(const json& node, const char* key) {
  if (!node.contains(key) || node[key].is_null()) return std::nullopt;
  auto lists = node[key].get<Extract1dReference::Polynomials>();
  const bool empty = std::any_of(lists.begin(), lists.end(), [](const auto& list) { return list.empty(); });
  if (lists.size() % 2 != 0 || empty) throw std::invalid_argument(std::string(key) + " must hold lower and upper limits in turn");
  return lists;
}

Extract1dReference::Aperture read_aperture(const json& node) {
  Extract1dReference::Aperture aperture;
  aperture.id = node.value("id", "");
  aperture.region_type = node.value("region_type", "target");
  if (node.contains("spectral_order") && node["spectral_order"].is_number()) {
    aperture.spectral_order = node["spectral_order"].get<int>();
  }
  aperture.xstart = real(node, "xstart");
  aperture.xstop = real(node, "xstop");
  aperture.ystart = real(node, "ystart");
  aperture.ystop = real(node, "ystop");
  aperture.extract_width = real(node, "extract_width");
  aperture.src_coeff = polynomials(node, "src_coeff");
  aperture.bkg_coeff = polynomials(node, "bkg_coeff");
  if (node.contains("bkg_fit") && node["bkg_fit"].is_string()) aperture.bkg_fit = node["bkg_fit"].get<std::string>();
  if (node.contains("bkg_order") && node["bkg_order"].is_number()) aperture.bkg_order = node["bkg_order"].get<int>();
  aperture.independent_var = node.value("independent_var", "pixel");
  std::transform(aperture.independent_var.begin(), aperture.independent_var.end(), aperture.independent_var.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (node.contains("use_source_posn") && node["use_source_posn"].is_boolean()) {
    aperture.use_source_posn = node["use_source_posn"].get<bool>();
  }
  aperture.smoothing_length = real(node, "smoothing_length").value_or(0.0);
  return aperture;
}

}  // namespace

Extract1dReference read_extract1d(const std::string& path, Account& account) {
  constexpr std::size_t kLargestFile = std::size_t{16} << 20;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || static_cast<std::size_t>(file.tellg()) > kLargestFile) {
    throw Error(ErrorCause::reference, "the extract1d reference cannot be read or is larger than 16 MiB", {.file = path},
                "Choose another file");
  }
  file.seekg(0);
  Extract1dReference reference;
  try {
    const json tree = json::parse(file);
    for (const json& node : tree.at("apertures")) reference.apertures.push_back(read_aperture(node));
  } catch (const std::exception& error) {
    throw Error(ErrorCause::reference, fmt::format("the extract1d reference is wrong: {}", error.what()),
                {.file = path, .keyword = "apertures"}, "Give a JSON file with a list of apertures");
  }
  reference.reservation =
      Reservation(account, reference.apertures.size() * sizeof(Extract1dReference::Aperture), "reference extract1d");
  return reference;
}

}  // namespace spec2
