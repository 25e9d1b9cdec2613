/* Debian's CFITSIO and HDF5 hold drivers for files on the network, which bring in libcurl, in two builds, and libcrypto: 27 more
   libraries, a third of the time of a start. spec2 opens files only. These functions take the place of those the drivers call,
   so that the program needs none of them; each tells the driver that there is no network. */
#include <stddef.h>

int curl_global_init(long flags) { (void)flags; return 2; /* CURLE_FAILED_INIT */ }
void curl_global_cleanup(void) {}
void* curl_easy_init(void) { return NULL; }
void curl_easy_cleanup(void* handle) { (void)handle; }
int curl_easy_setopt(void* handle, int option, ...) { (void)handle; (void)option; return 2; }
int curl_easy_perform(void* handle) { (void)handle; return 2; }
void* curl_slist_append(void* list, const char* text) { (void)list; (void)text; return NULL; }
void curl_slist_free_all(void* list) { (void)list; }

/* The checksums by which HDF5's driver for cloud storage signs its requests. */
const void* EVP_sha256(void) { return NULL; }
unsigned char* HMAC(const void* kind, const void* key, int key_size, const unsigned char* data, size_t size, unsigned char* out,
                    unsigned int* out_size) {
  (void)kind; (void)key; (void)key_size; (void)data; (void)size; (void)out; (void)out_size;
  return NULL;
}
unsigned char* SHA256(const unsigned char* data, size_t size, unsigned char* out) {
  (void)data; (void)size; (void)out;
  return NULL;
}
