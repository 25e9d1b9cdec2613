// A library to be loaded before others (LD_PRELOAD): it counts the file operations on files below the folders named in
// SPEC2_FAULT_FOLDERS (separated by ':') and makes number SPEC2_FAULT_AT fail, with EIO for reading and ENOSPC for
// writing. The number of operations is written to SPEC2_FAULT_COUNT when the program ends. All libraries of the program
// go through it: CFITSIO, iostreams, our own writing.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMostHandles = 4096;
std::atomic<bool> watched[kMostHandles];
std::atomic<long> operations{0};

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool in_watched_folder(const char* path) {
  const char* folders = std::getenv("SPEC2_FAULT_FOLDERS");
  while (folders && *folders) {
    const char* const end = std::strchr(folders, ':');
    const std::size_t length = end ? static_cast<std::size_t>(end - folders) : std::strlen(folders);
    if (length > 0 && std::strncmp(path, folders, length) == 0) return true;
    folders = end ? end + 1 : nullptr;
  }
  return false;
}

bool is_watched(int handle) { return handle >= 0 && handle < kMostHandles && watched[handle]; }

void watch(int handle, bool on) {
  if (handle >= 0 && handle < kMostHandles) watched[handle] = on;
}

/// Counts one operation; true when it is the one that fails.
bool fails(int why) {
  static const char* const at = std::getenv("SPEC2_FAULT_AT");
  const long number = ++operations;
  if (!at || number != std::atol(at)) return false;
  errno = why;
  return true;
}

struct CountAtTheEnd {
  ~CountAtTheEnd() {
    const char* const name = std::getenv("SPEC2_FAULT_COUNT");
    if (!name) return;
    const int handle = next<int (*)(const char*, int, ...)>("open")(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (handle >= 0) ::dprintf(handle, "%ld", operations.load());
  }
} count_at_the_end;

int open_watched(const char* symbol, const char* path, int flags, mode_t mode) {
  const bool ours = in_watched_folder(path);
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (ours && fails(writes ? ENOSPC : EIO)) return -1;
  const int handle = next<int (*)(const char*, int, ...)>(symbol)(path, flags, mode);
  watch(handle, ours && handle >= 0);
  return handle;
}

FILE* fopen_watched(const char* symbol, const char* path, const char* mode) {
  const bool ours = in_watched_folder(path);
  if (ours && fails(EIO)) return nullptr;
  FILE* const file = next<FILE* (*)(const char*, const char*)>(symbol)(path, mode);
  if (file) watch(::fileno(file), ours);
  return file;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) ? static_cast<mode_t>(va_arg(rest, int)) : 0;
  va_end(rest);
  return open_watched("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) ? static_cast<mode_t>(va_arg(rest, int)) : 0;
  va_end(rest);
  return open_watched("open64", path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) { return fopen_watched("fopen", path, mode); }
FILE* fopen64(const char* path, const char* mode) { return fopen_watched("fopen64", path, mode); }

ssize_t read(int handle, void* bytes, size_t count) {
  if (is_watched(handle) && fails(EIO)) return -1;
  return next<ssize_t (*)(int, void*, size_t)>("read")(handle, bytes, count);
}

ssize_t pread(int handle, void* bytes, size_t count, off_t offset) {
  if (is_watched(handle) && fails(EIO)) return -1;
  return next<ssize_t (*)(int, void*, size_t, off_t)>("pread")(handle, bytes, count, offset);
}

ssize_t pread64(int handle, void* bytes, size_t count, off64_t offset) {
  if (is_watched(handle) && fails(EIO)) return -1;
  return next<ssize_t (*)(int, void*, size_t, off64_t)>("pread64")(handle, bytes, count, offset);
}

size_t fread(void* bytes, size_t size, size_t count, FILE* file) {
  if (is_watched(::fileno(file)) && fails(EIO)) return 0;
  return next<size_t (*)(void*, size_t, size_t, FILE*)>("fread")(bytes, size, count, file);
}

ssize_t write(int handle, const void* bytes, size_t count) {
  if (is_watched(handle) && fails(ENOSPC)) return -1;
  return next<ssize_t (*)(int, const void*, size_t)>("write")(handle, bytes, count);
}

ssize_t pwrite(int handle, const void* bytes, size_t count, off_t offset) {
  if (is_watched(handle) && fails(ENOSPC)) return -1;
  return next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(handle, bytes, count, offset);
}

ssize_t pwrite64(int handle, const void* bytes, size_t count, off64_t offset) {
  if (is_watched(handle) && fails(ENOSPC)) return -1;
  return next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(handle, bytes, count, offset);
}

int fallocate(int handle, int mode, off_t offset, off_t length) {
  if (is_watched(handle) && fails(ENOSPC)) return -1;
  return next<int (*)(int, int, off_t, off_t)>("fallocate")(handle, mode, offset, length);
}

int fallocate64(int handle, int mode, off64_t offset, off64_t length) {
  if (is_watched(handle) && fails(ENOSPC)) return -1;
  return next<int (*)(int, int, off64_t, off64_t)>("fallocate64")(handle, mode, offset, length);
}

int fsync(int handle) {
  if (is_watched(handle) && fails(EIO)) return -1;
  return next<int (*)(int)>("fsync")(handle);
}

int close(int handle) {
  const bool ours = is_watched(handle);
  watch(handle, false);
  const int done = next<int (*)(int)>("close")(handle);
  return ours && fails(EIO) ? -1 : done;
}

int rename(const char* from, const char* to) {
  if (in_watched_folder(to) && fails(ENOSPC)) return -1;
  return next<int (*)(const char*, const char*)>("rename")(from, to);
}

}  // extern "C"
