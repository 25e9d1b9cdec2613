#include "datamodels/references/reference_cache.hpp"

#include <algorithm>

namespace spec2 {

std::shared_ptr<const void> ReferenceCache::find(const Key& key) {
  const std::lock_guard lock(lock_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().model;
}

void ReferenceCache::insert(const Key& key, std::shared_ptr<const void> model, std::size_t bytes) {
  const std::lock_guard lock(lock_);
  if (bytes > limit_) return;  // larger than the whole cache: lives as long as its pin
  shrink_to(limit_ - bytes);
  if (held_ + bytes > limit_) return;
  entries_.push_front({key, std::move(model), bytes});
  held_ += bytes;
}

void ReferenceCache::shrink_to(std::size_t bytes) {
  for (auto entry = entries_.end(); held_ > bytes && entry != entries_.begin();) {
    --entry;
    if (entry->model.use_count() > 1) continue;
    held_ -= entry->bytes;
    entry = entries_.erase(entry);
  }
}

std::size_t ReferenceCache::held_bytes() const {
  const std::lock_guard lock(lock_);
  return held_;
}

std::size_t ReferenceCache::hits() const {
  const std::lock_guard lock(lock_);
  return hits_;
}

std::size_t ReferenceCache::misses() const {
  const std::lock_guard lock(lock_);
  return misses_;
}

void ReferenceCache::clear() {
  const std::lock_guard lock(lock_);
  shrink_to(0);
}

}  // namespace spec2
