#include "datamodels/io/product_tree.hpp"

#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "datamodels/io/meta_tree.hpp"
#include "datamodels/io/product_headers.hpp"
#include "datamodels/io/product_layout.hpp"
#include "datamodels/io/spectrum_tables.hpp"
#include "wcs/asdf/gwcs_writer.hpp"

namespace spec2::io {
namespace {

/// A node that says in which HDU an array lies; its lines are indented as children of a name at `indent`.
std::string array_node(std::string_view extension, int version, const std::string& type, std::span<const std::size_t> shape,
                       std::size_t indent) {
  const std::string lead(indent + 2, ' ');
  return fmt::format(" !core/ndarray-1.1.0\n{0}source: 'fits:{1},{2}'\n{0}datatype: {3}\n{0}byteorder: big\n{0}shape: [{4}]\n",
                     lead, extension, version, type, fmt::join(shape, ", "));
}

std::string table_node(std::string_view extension, int version, std::span<const ColumnForm> columns, std::size_t rows,
                       std::size_t indent) {
  std::string type = "\n";
  for (const ColumnForm& column : columns) {
    using Type = ColumnForm::Type;
    const char* const name = column.type == Type::real64 ? "float64" : column.type == Type::integer32 ? "int32" : "uint32";
    type += fmt::format("{}- {{byteorder: big, datatype: {}, name: '{}'{}}}\n", std::string(indent + 2, ' '), name, column.name,
                        column.repeat == 1 ? "" : fmt::format(", shape: [{}]", column.repeat));
  }
  type.pop_back();
  const std::size_t shape[] = {rows};
  return array_node(extension, version, type, shape, indent);
}

void set_planes(MetaTree& tree, const Planes& planes, int data_axes, std::size_t integrations, int version, std::size_t indent) {
  for (const PlaneKind kind : plane_order(planes, ModelKind::multi_slit, false)) {
    std::vector<std::size_t> axes = plane_axes(planes, kind, data_axes);
    if (data_axes == 3 && is_by_integration(kind)) axes[0] = integrations;
    const char* const type = kind == PlaneKind::dq ? "uint32" : kind == PlaneKind::context ? "int32" : "float32";
    tree.set_yaml(tree_name(kind), array_node(extension_name(kind), version, type, axes, indent));
  }
}

/// The document, and the writer of all WCSs in it; none where the exposure has no arena.
struct Tree {
  explicit Tree(const Exposure& exposure, const std::string& version) : document("spec2", version) {
    if (exposure.arena) wcs.emplace(document, *exposure.arena);
  }
  void set_wcs(MetaTree& item, const wcs::Wcs& of_item, std::size_t indent) {
    if (wcs && !of_item.empty()) item.set_yaml("meta.wcs", wcs->write(of_item, indent));
  }

  asdf::AsdfDocument document;
  std::optional<asdf::GwcsWriter> wcs;
};

/// The keywords of an item of a list of slits, or of a model of one slit.
void set_slit(MetaTree& tree, const Metadata& meta, const Slit& slit) {
  for (const Metadata::Entry& entry : meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::sci);
    if (!info || info->place != HeaderPlace::sci) continue;
    if (info->keyword == "SRCTYPE") {
      tree.set("source_type", entry.value);
    } else if (info->path.starts_with("slit.")) {
      tree.set(info->path.substr(5), entry.value);
    } else if (!is_of_whole_exposure(*info)) {
      tree.set(info->path, entry.value);
    }
  }
  if (slit.meta.has("BUNIT")) tree.set("meta.bunit_err", *slit.meta.find("BUNIT"));
  tree.set("slit_ymin", slit.slit_ymin);
  tree.set("slit_ymax", slit.slit_ymax);
}

void set_exposure(MetaTree& tree, const Metadata& meta, ModelKind kind) {
  const bool has_list = kind == ModelKind::multi_slit || kind == ModelKind::multi_spec || kind == ModelKind::tso_multi_spec;
  for (const Metadata::Entry& entry : meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::primary);
    if (!info || !info->path.starts_with("meta.")) continue;
    const bool also_of_slits = info->path.starts_with("meta.aperture.") || info->path.starts_with("meta.velocity_aberration.");
    if (has_list && info->place == HeaderPlace::sci && !is_of_whole_exposure(*info) && !also_of_slits) continue;
    tree.set(info->path, entry.value);
  }
  if (const MetaValue* const unit = meta.find(kErrorUnit); unit && !has_list) tree.set("meta.bunit_err", *unit);
}

void append_logs(std::string& text, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += "cal_logs:\n  calwebb_spec2:\n";
  for (const std::string& line : lines) text += fmt::format("  - {}\n", yaml_scalar(line));
}

/// Keywords that are in no schema, in the place that the peer's data models have for them.
void append_unknown(std::string& text, const Metadata& meta) {
  std::string cards;
  for (const Metadata::Entry& entry : meta.entries()) {
    if (entry.keyword == kErrorUnit || find_keyword(entry.keyword, HeaderPlace::primary)) continue;
    cards += fmt::format("    - ['{}', {}, '']\n", entry.keyword, yaml_scalar(entry.value));
  }
  if (!cards.empty()) text += "extra_fits:\n  PRIMARY:\n    header:\n" + cards;
}

/// The first line of a list item has its dash in the place of two blanks of the indentation.
void append_item(std::string& text, const MetaTree& item) {
  text += "- !core/asdf-1.1.0\n";
  item.append_to(text, 2);
}

/// The metadata of the exposure as each slit repeats them: the pipelines after this one take slits apart into models of their
/// own.
/// The type of the source is the slit's own business, and the association is that of the file.
Metadata metadata_of_each_slit(Metadata meta) {
  for (const char* keyword : {"SRCTYPE", "ASNPOOL", "ASNTABLE"}) meta.erase(keyword);
  meta.set("DATAMODL", std::string("SlitModel"));
  return meta;
}

void append_slits(Tree& tree, const Exposure& exposure, const Metadata& meta, std::size_t integrations) {
  std::string text = "slits:\n";
  int version = 0;
  const Metadata repeated = metadata_of_each_slit(meta);
  for (const Slit& slit : exposure.slits) {
    MetaTree item;
    set_exposure(item, repeated, ModelKind::slit);
    set_slit(item, slit_metadata(exposure, slit), slit);
    set_planes(item, slit.planes, exposure.data_axes, integrations, ++version, 2);
    tree.set_wcs(item, slit.wcs, 6);
    append_item(text, item);
  }
  if (exposure.slits.empty()) text = "slits: []\n";
  tree.document.tree() += text;
}

MetaTree spectrum_item(Tree& tree, const Spectrum& spectrum) {
  MetaTree item;
  for (const Metadata::Entry& entry : spectrum.meta.entries()) {
    const KeywordInfo* const info = find_keyword(entry.keyword, HeaderPlace::extract1d);
    if (info && info->path.starts_with("spec.")) item.set(info->path.substr(5), entry.value);
  }
  tree.set_wcs(item, spectrum.wcs, 6);
  return item;
}

void append_spectra(Tree& tree, const Exposure& exposure) {
  std::string text = "spec:\n";
  int version = 0;
  if (exposure.kind == ModelKind::tso_multi_spec) {
    for (const SpectrumSeries series : series_of(exposure.spectra)) {
      MetaTree item = spectrum_item(tree, series.front());
      item.set_yaml("spec_table", table_node("EXTRACT1D", ++version, series_columns(series.front(), longest(series)),
                                             table_rows(exposure, series), 2));
      if (series.front().meta.has("MJD-BEG")) item.set("time_scale", std::string("UTC"));
      append_item(text, item);
    }
  } else {
    for (const Spectrum& spectrum : exposure.spectra) {
      MetaTree item = spectrum_item(tree, spectrum);
      item.set_yaml("spec_table", table_node("EXTRACT1D", ++version, spectrum_columns(spectrum), spectrum.size(), 2));
      append_item(text, item);
    }
  }
  if (exposure.spectra.empty()) text = "spec: []\n";
  tree.document.tree() += text;
}

}  // namespace

std::vector<std::byte> product_tree(const Exposure& exposure, const Metadata& meta, std::size_t integrations,
                                    const ProductOrigin& origin, const std::string& checksum_of_headers) {
  Tree tree(exposure, origin.version);
  tree.document.tree() += fmt::format("_fits_hash: '{}'\n", checksum_of_headers);
  append_logs(tree.document.tree(), origin.log_lines);
  append_unknown(tree.document.tree(), meta);
  MetaTree root;
  set_exposure(root, meta, exposure.kind);
  const bool is_one_slit = exposure.kind == ModelKind::slit && exposure.slits.size() == 1;
  if (is_one_slit) {
    const Slit& slit = exposure.slits.front();
    set_slit(root, slit_metadata(exposure, slit), slit);
    set_planes(root, slit.planes, exposure.data_axes, integrations, 1, 0);
    tree.set_wcs(root, slit.wcs, 4);
  } else if (exposure.planes.has(PlaneKind::sci)) {
    set_planes(root, exposure.planes, exposure.data_axes, integrations, 1, 0);
    tree.set_wcs(root, exposure.wcs, 4);
  }
  if (has_integration_times(exposure)) {
    const std::vector<ColumnForm> columns = integration_time_columns();
    root.set_yaml("int_times", table_node("INT_TIMES", 1, columns, exposure.integration_times.size(), 0));
  }
  root.append_to(tree.document.tree(), 0);
  if (exposure.kind == ModelKind::multi_slit) append_slits(tree, exposure, meta, integrations);
  if (exposure.kind == ModelKind::multi_spec || exposure.kind == ModelKind::tso_multi_spec) append_spectra(tree, exposure);
  return tree.document.bytes();
}

}  // namespace spec2::io
