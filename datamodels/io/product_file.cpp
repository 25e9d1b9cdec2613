#include "datamodels/io/product_file.hpp"

#include <fcntl.h>
#include <fitsio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace spec2::io {
namespace {

std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  std::replace(text.begin(), text.end(), 'e', 'E');
  if (text.find_first_of(".E") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

struct ProductFile::State {
  std::filesystem::path path;
  std::filesystem::path temporary;
  fitsfile* file = nullptr;
  bool committed = false;

  ~State() {
    if (file) {
      int status = 0;
      fits_close_file(file, &status);
      fits_clear_errmsg();
    }
    if (!committed) ::unlink(temporary.c_str());
  }

  [[noreturn]] void fail(std::string_view action, const std::string& why) const {
    throw Error(ErrorCause::system, fmt::format("cannot {}: {}", action, why), {.file = path.string()},
                "Check the free space of the disk and the permissions of the folder");
  }

  void check(int status, std::string_view action) const {
    if (status == 0) return;
    const std::string system = errno != 0 ? std::strerror(errno) : "";
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status, text);
    fits_clear_errmsg();
    fail(action, system.empty() ? text : fmt::format("{} ({})", text, system));
  }

  void write_card(const Card& card) {
    int status = 0;
    if (const std::string* const text = std::get_if<std::string>(&card.value)) {
      std::string value = *text;
      // What no header can hold (line ends, letters beyond ASCII) becomes a question mark.
      for (char& letter : value) letter = letter >= ' ' && letter <= '~' ? letter : '?';
      fits_write_key_longstr(file, card.keyword.c_str(), value.c_str(), card.comment.c_str(), &status);
      check(status, "write a header");
      return;
    }
    std::string value;
    if (const bool* const flag = std::get_if<bool>(&card.value)) value = *flag ? "T" : "F";
    else if (const auto* const integer = std::get_if<std::int64_t>(&card.value)) value = fmt::format("{}", *integer);
    else if (const double real = std::get<double>(card.value); std::isfinite(real)) value = real_text(real);
    else return;
    std::string line = fmt::format("{:<8}= {:>20}", card.keyword, value);
    if (!card.comment.empty()) line += " / " + card.comment;
    line.resize(std::min<std::size_t>(line.size(), 80));
    fits_write_record(file, line.c_str(), &status);
    check(status, "write a header");
  }

  void write_cards(std::string_view name, int version, std::span<const Card> cards) {
    // Room for all cards at once: no shifting of what follows, linear in the number of HDUs.
    int status = 0;
    fits_set_hdrsize(file, static_cast<int>(cards.size()) + 8, &status);
    check(status, "reserve a header");
    if (!name.empty()) {
      write_card({"EXTNAME", std::string(name), "extension name"});
      write_card({"EXTVER", std::int64_t{version}, "extension value"});
    }
    for (const Card& card : cards) write_card(card);
  }

  template <class T>
  void write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const T> values, int image_type,
                   int value_type, std::span<const Card> cards) {
    errno = 0;
    std::vector<LONGLONG> axes(shape.rbegin(), shape.rend());
    int status = 0;
    fits_create_imgll(file, image_type, static_cast<int>(axes.size()), axes.data(), &status);
    check(status, "add an image");
    write_cards(name, version, cards);
    if (values.empty()) return;
    fits_write_img(file, value_type, 1, static_cast<LONGLONG>(values.size()), const_cast<T*>(values.data()), &status);
    check(status, "write an image");
  }
};

ProductFile::ProductFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProductFile::ProductFile(ProductFile&&) noexcept = default;
ProductFile& ProductFile::operator=(ProductFile&&) noexcept = default;
ProductFile::~ProductFile() = default;

ProductFile ProductFile::create(const std::filesystem::path& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->temporary = path.parent_path() / fmt::format(".{}.{}.part", path.filename().string(), ::getpid());
  ::unlink(state->temporary.c_str());
  errno = 0;
  int status = 0;
  fits_create_diskfile(&state->file, state->temporary.c_str(), &status);
  if (status != 0) state->file = nullptr;
  state->check(status, "create the product");
  return ProductFile(std::move(state));
}

const std::filesystem::path& ProductFile::path() const noexcept { return state_->path; }

void ProductFile::write_primary(std::span<const Card> cards) {
  errno = 0;
  int status = 0;
  fits_create_img(state_->file, BYTE_IMG, 0, nullptr, &status);
  state_->check(status, "write the primary header");
  state_->write_cards("", 1, cards);
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape, std::span<const float> values,
                              std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, FLOAT_IMG, TFLOAT, cards);
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape,
                              std::span<const std::uint32_t> values, std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, ULONG_IMG, TUINT, cards);
}

void ProductFile::write_image(std::string_view name, int version, std::span<const std::size_t> shape,
                              std::span<const std::int32_t> values, std::span<const Card> cards) {
  state_->write_image(name, version, shape, values, LONG_IMG, TINT, cards);
}

void ProductFile::write_table(std::string_view name, int version, std::size_t rows, std::span<const ColumnData> columns,
                              std::span<const Card> cards) {
  errno = 0;
  std::vector<std::string> names, forms, units;
  for (const ColumnData& column : columns) {
    const char letter = column.type == ColumnData::Type::real64 ? 'D' : column.type == ColumnData::Type::integer32 ? 'J' : 'V';
    names.push_back(column.name);
    forms.push_back(column.repeat == 1 ? std::string(1, letter) : fmt::format("{}{}", column.repeat, letter));
    units.push_back(column.unit);
  }
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts) list.push_back(text.data());
    return list;
  };
  auto name_list = pointers(names), form_list = pointers(forms), unit_list = pointers(units);
  int status = 0;
  fits_create_tbl(state_->file, BINARY_TBL, static_cast<LONGLONG>(rows), static_cast<int>(columns.size()), name_list.data(),
                  form_list.data(), unit_list.data(), nullptr, &status);
  state_->check(status, "add a table");
  state_->write_cards(name, version, cards);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].values.empty()) continue;
    fits_write_col(state_->file, TDOUBLE, static_cast<int>(i) + 1, 1, 1, static_cast<LONGLONG>(columns[i].values.size()),
                   const_cast<double*>(columns[i].values.data()), &status);
    state_->check(status, "write a column");
  }
}

void ProductFile::write_bytes(std::string_view name, std::string_view column, std::span<const std::byte> bytes) {
  errno = 0;
  std::string title(column), form = fmt::format("{}B", bytes.size());
  char* names[] = {title.data()};
  char* forms[] = {form.data()};
  int status = 0;
  fits_create_tbl(state_->file, BINARY_TBL, 1, 1, names, forms, nullptr, nullptr, &status);
  state_->check(status, "add a table");
  state_->write_card({"EXTNAME", std::string(name), "extension name"});
  fits_write_col(state_->file, TBYTE, 1, 1, 1, static_cast<LONGLONG>(bytes.size()),
                 const_cast<std::byte*>(bytes.data()), &status);
  state_->check(status, "write a table");
}

void ProductFile::finish() {
  errno = 0;
  int status = 0;
  fits_close_file(state_->file, &status);
  state_->file = nullptr;
  state_->check(status, "complete the product");
  const int handle = ::open(state_->temporary.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) state_->fail("sync the product", std::strerror(errno));
  const int synced = ::fsync(handle);
  const int why = errno;
  ::close(handle);
  if (synced != 0) state_->fail("sync the product", std::strerror(why));
}

void ProductFile::commit() {
  if (::rename(state_->temporary.c_str(), state_->path.c_str()) != 0) state_->fail("name the product", std::strerror(errno));
  state_->committed = true;
}

}  // namespace spec2::io
