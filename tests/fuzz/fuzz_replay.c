/* Any bytes as a capture, through the whole path of an event: reader, state, every field in every form of argument, both
 * renderings, the engine with the rules of rules/. */
#include "base/buf.h"
#include "base/schema.h"
#include "compiler/compile.h"
#include "daemon/engine.h"
#include "probe/scap/scap.h"

#include <dirent.h>
#include <saker/bundle.h>
#include <stdlib.h>

/* Events of one input: long captures show no more than short ones and leave less time for others. */
#define MAX_EVENTS 100u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* --- the rules, compiled once and kept until the process ends -------------------------------------------------------------- */
static struct sk_buf
read_file(const char *path)
{
	struct sk_buf b = {0};
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t n;

	while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
		sk_buf_put(&b, part, n);
	if (f)
		(void)fclose(f);
	return b;
}

static struct sk_buf
compile(const struct sk_compile_input *inputs, size_t n)
{
	const struct sk_compile_job job = {.inputs = inputs, .ninputs = n};
	struct sk_compilation c;
	struct sk_buf image = {0};

	if (sk_compile_run(&job, &c, &image) < 0) {
		if (c.diags)
			sk_diags_print(c.diags, stderr, false);
		abort();
	}
	sk_compilation_free(&c);
	return image;
}

static const struct sk_bundle *
rules(void)
{
	static struct sk_bundle *bundle;
	static struct sk_buf image, texts[16];
	struct sk_compile_input inputs[SK_COUNTOF(texts)];
	struct dirent **files;
	struct sk_reject why;
	size_t n = 0;

	if (bundle)
		return bundle;
	int found = scandir(SK_SOURCE_DIR "/rules", &files, NULL, alphasort);
	for (int i = 0; i < found; i++) {
		char path[512];

		(void)snprintf(path, sizeof(path), SK_SOURCE_DIR "/rules/%s", files[i]->d_name);
		if (sk_slice_ends(sk_slice_cstr(path), SK_SLICE(".yaml")) && n < SK_COUNTOF(texts)) {
			texts[n] = read_file(path);
			inputs[n] = (struct sk_compile_input){SK_SLICE("rules"), sk_buf_view(&texts[n]), NULL};
			n++;
		}
		free(files[i]);
	}
	if (found >= 0)
		free(files);
	image = compile(inputs, n);
	if (sk_bundle_open(image.p, image.n, &bundle, &why) < 0)
		abort();
	return bundle;
}

/* --- fields
 * ------------------------------------------------------------------------------------------------------------------------------------------
 */
static void
one_value(struct sk_fields *f, const struct sk_loader *l, const struct sk_field_desc *d, struct sk_field_arg_value arg,
	  struct sk_buf *out)
{
	struct sk_value v = {0};

	arg.aux = l->bind ? l->bind(l->ctx, (enum sk_field_id)d->id, &arg) : 0;
	if (!l->load[d->id](l->ctx, &arg, &v))
		v.kind = SK_V_NONE;
	out->n = 0;
	sk_value_text(out, &v, (enum sk_ptype)d->type, (enum sk_pfmt)d->fmt, arg.index & 1);
	sk_value_json(out, &v, (enum sk_ptype)d->type, (enum sk_pfmt)d->fmt, !(arg.index & 1));
	sk_field_json(out, f, (enum sk_field_id)d->id, &v);
}

/* One of the argument forms that the verifier lets through, another one every time. */
static bool
choose(const struct sk_field_desc *d, uint32_t turn, struct sk_field_arg_value *ret)
{
	static const char *const keys[] = {"flags", "HOME", "src", "cpuset", "res", "data", "x", "/"};
	static const uint64_t indexes[] = {0, 1, 2, 7, UINT64_MAX};
	const char *key = keys[turn / 3 % SK_COUNTOF(keys)];

	*ret = (struct sk_field_arg_value){0};
	switch (turn % 3) {
	case 0:
		return d->arg == SK_FA_NONE || d->arg == SK_FA_OPT || d->arg == SK_FA_OPT_INDEX;
	case 1:
		*ret = (struct sk_field_arg_value){.kind = SK_VA_INDEX, .index = indexes[turn / 3 % SK_COUNTOF(indexes)]};
		return d->arg != SK_FA_NONE && d->arg != SK_FA_REQ_KEY;
	default:
		*ret = (struct sk_field_arg_value){.kind = SK_VA_KEY, .key = key, .key_len = (uint32_t)strlen(key)};
		return d->arg != SK_FA_NONE && d->arg != SK_FA_OPT_INDEX;
	}
}

static void
every_field(struct sk_fields *f, uint32_t turn, struct sk_buf *out)
{
	const struct sk_loader l = sk_fields_loader(f);
	struct sk_field_arg_value arg;

	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *d = sk_field_desc(id);
		uint32_t form = d && d->arg != SK_FA_NONE ? turn + id : 0;

		if (!d || !l.load[id])
			continue;
		while (!choose(d, form, &arg))
			form++;
		one_value(f, &l, d, arg, out);
	}
}

static void
replay(struct sk_engine *e, const uint8_t *data, size_t n)
{
	struct sk_list_sink sink = sk_engine_sink(e);
	struct sk_scap_error error;
	struct sk_scap *c;
	struct sk_event ev;
	struct sk_buf out = {0};

	if (sk_scap_open_memory(data, n, &sink, &c, &error) < 0)
		return;
	for (uint32_t i = 0; i < MAX_EVENTS && sk_scap_next(c, &ev, &error) == SK_SCAP_EVENT; i++) {
		if (sk_engine_event(e, &ev) > sk_engine_bundle(e)->nrules)
			abort();
		if (sk_engine_fields(e)->ec.deliver)
			every_field(sk_engine_fields(e), i, &out);
	}
	sk_buf_free(&out);
	sk_scap_close(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct sk_engine_opts opts = {.sz = sizeof(opts), .mode = SK_MATCH_ALL};
	struct sk_engine *e;
	char why[256];

	if (sk_engine_new(rules(), &opts, &e, why, sizeof(why)) < 0)
		abort();
	replay(e, data, n);
	sk_engine_free(e);
	return 0;
}
