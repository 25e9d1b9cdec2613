#pragma once

#include <hdf5.h>

#include <utility>

namespace spec2::pipeline {

/// An id of HDF5 with the call that ends it; only for .cpp files that use HDF5. A failed id is held as well: ask `is_open`.
class Hdf5Handle {
 public:
  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;
  ~Hdf5Handle() { close(); }

  bool is_open() const noexcept { return id_ >= 0; }
  operator hid_t() const noexcept { return id_; }
  /// What HDF5 says of closing it.
  herr_t close() noexcept { return id_ >= 0 ? close_(std::exchange(id_, -1)) : 0; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

/// Before the first use: what fails is said once, by us; and a file that cannot be closed on a full disk must not be tried again
/// when the process ends, where HDF5 would fall over it.
inline void prepare_hdf5() {
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

}  // namespace spec2::pipeline
