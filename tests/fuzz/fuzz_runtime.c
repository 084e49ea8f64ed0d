/* Any bytes as what a runtime left on disk: a database, and a description of a container. */
#include "daemon/runtime/runtime.h"

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const files[] = {
	"/run/containerd/io.containerd.runtime.v2.task/default/" ID "/config.json",
	"/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db",
	"/var/lib/containers/storage/libpod/bolt_state.db",
	"/var/lib/containers/storage/overlay-images/images.json",
	"/var/lib/containers/storage/overlay-containers/" ID "/userdata/config.json",
	"/var/lib/docker/containers/" ID "/config.v2.json",
	"/var/lib/docker/image/overlay2/repositories.json",
};

static void
put(const char *root, const char *path, const uint8_t *data, size_t size)
{
	char full[512];
	FILE *f;

	(void)snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *p = full + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		(void)mkdir(full, 0700);
		*p = '/';
	}
	f = fopen(full, "we");
	if (!f || fwrite(data, 1, size, f) != size)
		abort();
	(void)fclose(f);
}

/* One place for the whole run; nothing but these files is in it. */
static char root[] = "/tmp/saker-fuzz-XXXXXX";

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
remove_root(void)
{
	(void)nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
root_of(void)
{
	static const uint8_t spec[] = "{\"annotations\":{\"io.container.manager\":\"libpod\"}}";

	if (strstr(root, "XXXXXX") && mkdtemp(root)) {
		put(root, files[0], spec, sizeof(spec) - 1);
		(void)atexit(remove_root);
	}
	return root;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum sk_container_ref_kind kinds[] = { SK_REF_ID, SK_REF_PODMAN, SK_REF_CRI, SK_REF_CRIO };
	struct sk_runtime_opts opts = { .sz = sizeof(opts), .host_root = root_of(), .engines = SK_ENGINE_ALL };
	struct sk_runtime *r;
	struct sk_buf out = { 0 };

	for (size_t i = size && data[0] == '{' ? 0 : 1; i < sizeof(files) / sizeof(files[0]); i++)
		put(opts.host_root, files[i], data, size);
	if (sk_runtime_new(&opts, &r) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct sk_container_ref ref = { .kind = kinds[i], .full = sk_slice_cstr(ID), .ns = SK_SLICE(""), .uid = UINT32_MAX };

		(void)sk_runtime_find(r, &ref, &out);
	}
	sk_buf_free(&out);
	sk_runtime_free(r);
	return 0;
}
