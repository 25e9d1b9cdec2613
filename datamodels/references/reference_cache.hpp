#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <typeindex>

#include "core/memory/account.hpp"

namespace spec2 {

/// Reference models read once and shared by the members of an association: a cache with a bound in bytes, least recently
/// used out first, charged to the run. Readers hold a pin while they use a model; a pinned model is never dropped.
class ReferenceCache {
 public:
  /// Holds a model in memory for as long as it lives. Read-only.
  template <class Model>
  using Pin = std::shared_ptr<const Model>;

  ReferenceCache(Account& account, std::size_t limit_bytes) : account_(&account), limit_(limit_bytes) {}
  ~ReferenceCache() = default;
  ReferenceCache(const ReferenceCache&) = delete;
  ReferenceCache& operator=(const ReferenceCache&) = delete;

  /// The model of `path`, read with `read(path, account)` when it is not held. `key_suffix` tells apart different parts of
  /// one file (a detector region). Model::bytes() says what it holds; the model charges `account` itself while it is read.
  template <class Model>
  Pin<Model> get(const std::string& path, const std::string& key_suffix,
                 const std::function<Model(const std::string&, Account&)>& read) {
    const Key key{std::type_index(typeid(Model)), path + "#" + key_suffix};
    if (std::shared_ptr<const void> held = find(key)) return std::static_pointer_cast<const Model>(held);
    auto model = std::make_shared<const Model>(read(path, *account_));
    insert(key, model, model->bytes());
    return model;
  }

  std::size_t held_bytes() const;
  std::size_t hits() const;
  std::size_t misses() const;
  /// Drops everything that is not pinned.
  void clear();

 private:
  struct Key {
    std::type_index type;
    std::string name;
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    std::shared_ptr<const void> model;
    std::size_t bytes;
  };
  std::shared_ptr<const void> find(const Key& key);
  void insert(const Key& key, std::shared_ptr<const void> model, std::size_t bytes);
  void shrink_to(std::size_t bytes);

  Account* account_;
  std::size_t limit_;
  mutable std::mutex lock_;
  std::list<Entry> entries_;  // most recently used first
  std::size_t held_ = 0;
  std::size_t hits_ = 0;
  std::size_t misses_ = 0;
};

}  // namespace spec2
