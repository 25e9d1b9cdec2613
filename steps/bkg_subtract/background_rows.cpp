#include "steps/bkg_subtract/background_rows.hpp"

#include <algorithm>

namespace spec2::bkg_subtract {
namespace {

std::size_t columns_in_files(std::span<const BackgroundMember> members) {
  std::size_t columns = 0;
  for (const BackgroundMember& member : members) {
    if (member.file) columns += member.file->shape().columns;
  }
  return columns;
}

}  // namespace

std::size_t BackgroundRows::rows_at_once(std::size_t members, std::size_t columns) {
  constexpr std::size_t kBytes = std::size_t{1} << 20, kMostRows = 16;  // what the caches of a processor hold
  return std::clamp<std::size_t>(kBytes / std::max<std::size_t>(members * columns * kPixelBytes, 1), 1, kMostRows);
}

BackgroundRows::BackgroundRows(std::span<const BackgroundMember> members, std::size_t rows, Account& account)
    : members_(members) {
  for (const BackgroundMember& member : members) images_.push_back(member.image);
  const std::size_t pixels = rows * columns_in_files(members);
  if (pixels == 0) return;
  values_ = Buffer<float>(account, 2 * pixels, "scratch background rows", Buffer<float>::NotFilled{});
  flags_ = Buffer<std::uint32_t>(account, pixels, "scratch background DQ rows", Buffer<std::uint32_t>::NotFilled{});
}

std::span<const BackgroundImage> BackgroundRows::hold(std::size_t first, std::size_t last) {
  std::span<float> values(values_.data(), values_.size());
  std::span<std::uint32_t> flags(flags_.data(), flags_.size());
  const auto take = [](auto& room, std::size_t count) {
    const auto taken = room.first(count);
    room = room.subspan(count);
    return taken;
  };
  for (std::size_t i = 0; i < members_.size(); ++i) {
    io::ExposureFile* const file = members_[i].file;
    BackgroundImage& image = images_[i];
    if (!file || first >= image.rows) continue;
    const std::size_t columns = file->shape().columns, rows = std::min(last, image.rows) - first;
    const auto sci = take(values, rows * columns), err = take(values, rows * columns);
    const auto dq = take(flags, rows * columns);
    image.view_row = image.first_row + first;
    file->read_rows(PlaneKind::sci, image.view_row, sci);
    file->read_rows(PlaneKind::err, image.view_row, err);
    file->read_rows(PlaneKind::dq, image.view_row, dq);
    image.sci = {sci.data(), 1, rows, columns};
    image.err = {err.data(), 1, rows, columns};
    image.dq = {dq.data(), 1, rows, columns};
  }
  return images_;
}

}  // namespace spec2::bkg_subtract
