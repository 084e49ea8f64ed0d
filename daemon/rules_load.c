#include "daemon/rules_load.h"

#include "base/schema.h"
#include "daemon/compile_child.h"
#include "daemon/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <saker/bundle.h>
#include <sys/stat.h>

/* --- extra output templates: what is compiled, and later handed out, in one order ------------------------------------------ */
/* Called for each template: TEXT to compile; ENTRY of append_output it comes from (NULL: -p); FIELD it is for (NULL: text behind the message). */
typedef bool (*extra_fn)(void *arg, const char *text, const struct sk_append_output *entry, const struct sk_extra_field *field);

/* "container_id=%container.id container_name=..." for every field that is marked as suggested. */
static void
suggested_text(struct sk_buf *out)
{
	for (uint32_t i = 0; i < SK_F_LIMIT; i++) {
		const struct sk_field_desc *f = sk_field_desc(i);

		if (!f || !(f->flags & SK_FF_SUGGESTED) || f->state != SK_FS_READY || f->arg >= SK_FA_REQ)
			continue;
		if (out->n)
			sk_buf_char(out, ' ');
		for (const char *p = f->name; *p; p++)
			sk_buf_char(out, *p == '.' ? '_' : *p);
		sk_buf_printf(out, "=%%%s", f->name);
	}
}

static bool
each_extra_of(const struct sk_append_output *entry, extra_fn fn, void *arg)
{
	struct sk_buf text = { 0 };
	bool ok = true;

	if (entry->extra_output)
		ok = fn(arg, entry->extra_output, entry, NULL);
	if (ok && entry->suggested_output) {
		suggested_text(&text);
		ok = !text.failed && fn(arg, sk_buf_cstr(&text), entry, NULL);
	}
	for (size_t i = 0; ok && i < entry->extra_fields.n; i++) {
		const struct sk_extra_field *f = &entry->extra_fields.v[i];

		text.n = 0;
		sk_buf_printf(&text, "%s%s", f->format ? "" : "%", f->format ? f->format : f->key);
		ok = !text.failed && fn(arg, sk_buf_cstr(&text), entry, f);
	}
	sk_buf_free(&text);
	return ok;
}

static bool
each_extra(const struct sk_config *c, const char *extra_output, extra_fn fn, void *arg)
{
	for (size_t i = 0; i < c->append_output.n; i++)
		if (!each_extra_of(&c->append_output.v[i], fn, arg))
			return false;
	return !extra_output || fn(arg, extra_output, NULL, NULL);
}

static bool
count_extra(void *arg, const char *text, const struct sk_append_output *entry, const struct sk_extra_field *field)
{
	(void)text;
	(void)entry;
	(void)field;
	++*(uint32_t *)arg;
	return true;
}

/* --- loading --------------------------------------------------------------------------------------------------------------- */
/* Only files are looked into: what is read of a pipe is gone. */
static bool
is_bundle(const char *path)
{
	SK_AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char magic[8];

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && memcmp(magic, SK_BUNDLE_MAGIC, sizeof(magic)) == 0;
}

/* A file that is there and cannot be read is an error, which the compiler reports. */
static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* As the compiler chooses them. */
static bool
is_rule_file(DIR *d, const struct dirent *e)
{
	const char *end = strrchr(e->d_name, '.');
	struct stat st;

	if (!end || end == e->d_name || e->d_name[0] == '.' || (strcmp(end, ".yaml") != 0 && strcmp(end, ".yml") != 0))
		return false;
	return fstatat(dirfd(d), e->d_name, &st, 0) < 0 || S_ISREG(st.st_mode);
}

/* A directory without a rule file; what cannot be read is for the compiler to report. */
static bool
is_empty_directory(const char *path)
{
	DIR *d = opendir(path);
	bool found = !d;

	for (const struct dirent *e; !found && (e = readdir(d));)
		found = is_rule_file(d, e);
	if (d)
		(void)closedir(d);
	return !found;
}

static bool
add_argument(struct sk_strings *args, const char *text)
{
	char *copy = strdup(text);

	if (copy && sk_vec_push(args, copy))
		return true;
	free(copy);
	return false;
}

static bool
add_extra_argument(void *arg, const char *text, const struct sk_append_output *entry, const struct sk_extra_field *field)
{
	(void)entry;
	(void)field;
	return add_argument(arg, "--extra-output") && add_argument(arg, text);
}

static int
compile(const struct sk_config *c, const struct sk_strings *files, const char *extra_output, struct sk_loaded *ret, char *err, size_t n)
{
	struct sk_strings args = { 0 };
	struct sk_reject why;
	bool ok = each_extra(c, extra_output, add_extra_argument, &args) && add_argument(&args, "--");
	int r;

	for (size_t i = 0; ok && i < files->n; i++)
		ok = add_argument(&args, files->v[i]);
	ok = ok && sk_vec_push(&args, NULL);
	r = ok ? sk_compile_child((const char *const *)args.v, &ret->image, err, n) : -ENOMEM;
	if (r == 0) {
		r = sk_bundle_open(sk_buf_view(&ret->image).p, ret->image.n, &ret->bundle, &why);
		if (r < 0)
			(void)snprintf(err, n, "the compiled rules are refused: %s", why.text);
	}
	sk_strings_free(&args);
	return r;
}

/* Configured files that are missing are skipped, named ones are not. */
static bool
present_files(const struct sk_strings *configured, struct sk_strings *ret)
{
	for (size_t i = 0; i < configured->n; i++)
		if (exists(configured->v[i]) && !add_argument(ret, configured->v[i]))
			return false;
	return true;
}

static int
load_files(const struct sk_config *c, const struct sk_strings *files, const char *extra_output, struct sk_loaded *ret, char *err, size_t n)
{
	struct sk_reject why;
	uint32_t extras = 0, bundles = 0;
	size_t empty = 0;
	int r;

	if (files->n == 0) {
		(void)snprintf(err, n, "no rules: name at least one rule file, directory or bundle with -r or in rules_files");
		return -EINVAL;
	}
	/* Nothing to look for is a mistake; an empty directory beside others, as rules.d often is, is none. */
	while (empty < files->n && is_empty_directory(files->v[empty]))
		empty++;
	if (empty == files->n) {
		(void)snprintf(err, n, "no rules: %s holds no .yaml or .yml file", files->v[0]);
		return -EINVAL;
	}
	for (size_t i = 0; i < files->n; i++)
		bundles += is_bundle(files->v[i]);
	if (bundles == 0)
		return compile(c, files, extra_output, ret, err, n);
	if (files->n > 1) {
		(void)snprintf(err, n, "a bundle is a whole rule set and stands alone: compile all rule files into one bundle");
		return -EINVAL;
	}
	(void)each_extra(c, extra_output, count_extra, &extras);
	if (extras)
		sk_log(SK_PRIO_WARNING, "append_output and -p work on a bundle only as far as 'sakerc compile --extra-output' put their templates into it");
	r = sk_bundle_open_file(files->v[0], &ret->bundle, &why);
	if (r < 0)
		(void)snprintf(err, n, "%s: %s", files->v[0], why.text);
	return r;
}

int
sk_rules_load(const struct sk_config *c, const struct sk_strings *files, const char *extra_output, struct sk_loaded *ret, char *err, size_t n)
{
	struct sk_strings found = { 0 };
	int r;

	*ret = (struct sk_loaded){ 0 };
	*err = '\0';
	if (files->n == 0) {
		if (!present_files(&c->rules_files, &found))
			return -ENOMEM;
		files = &found;
	}
	r = load_files(c, files, extra_output, ret, err, n);
	sk_strings_free(&found);
	if (r < 0)
		sk_rules_unload(ret);
	return r;
}

bool
sk_rules_sources(const struct sk_config *c, const struct sk_strings *files, struct sk_strings *ret)
{
	const struct sk_strings *from = files->n ? files : &c->rules_files;

	for (size_t i = 0; i < from->n; i++) {
		const char *path = from->v[i];

		if (files->n ? is_bundle(path) : exists(path) && is_bundle(path)) {
			sk_strings_free(ret);
			return true;
		}
		if ((files->n || exists(path)) && !is_empty_directory(path) && !add_argument(ret, path))
			return false;
	}
	return true;
}

void
sk_rules_unload(struct sk_loaded *l)
{
	sk_bundle_close(l->bundle);
	sk_buf_free(&l->image);
	*l = (struct sk_loaded){ 0 };
}

/* --- which rules run ------------------------------------------------------------------------------------------------------- */
/* Does TEXT match PATTERN, in which * stands for any text? */
static bool
wildcard(struct sk_slice text, const char *pattern)
{
	const char *star = NULL;
	size_t i = 0, resume = 0;

	while (i < text.n) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = i;
		} else if (*pattern && *pattern == text.p[i]) {
			pattern++;
			i++;
		} else if (star) {
			pattern = star;
			i = ++resume;
		} else
			return false;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool
has_tag(const struct sk_bundle_view *v, const struct sk_rule_def *r, const char *tag)
{
	const struct sk_list_def *l = &v->lists[r->tags];

	for (uint32_t i = 0; i + 1 < l->n; i += 2) {
		struct sk_str_ref ref = { v->indexes[l->first + i], v->indexes[l->first + i + 1] };

		if (sk_slice_is(sk_bundle_str(v, ref), tag))
			return true;
	}
	return false;
}

void
sk_rules_select(const struct sk_config *c, struct sk_loaded *l, struct sk_engine *e)
{
	const struct sk_bundle_view *v = sk_engine_bundle(e);

	l->nrules_off = 0;
	for (uint32_t i = 0; i < v->nrules; i++) {
		const struct sk_rule_def *r = &v->rules[i];
		bool on = r->enabled;

		for (size_t k = 0; k < c->selection.n; k++) {
			const struct sk_selection *s = &c->selection.v[k];

			if ((!s->rule || wildcard(sk_bundle_str(v, r->name), s->rule)) && (!s->tag || has_tag(v, r, s->tag)))
				on = s->enable;
		}
		if (r->priority > c->priority)
			on = false;
		sk_vm_enable(sk_engine_vm(e), i, on);
		l->nrules_off += !on;
	}
}

/* --- append_output --------------------------------------------------------------------------------------------------------- */
struct append {
	const struct sk_bundle_view *v;
	struct sk_alerter *alerter;
};

static bool
entry_matches(const struct sk_bundle_view *v, const struct sk_rule_def *r, const struct sk_append_output *entry)
{
	if (entry->rule && !sk_slice_is(sk_bundle_str(v, r->name), entry->rule))
		return false;
	if (entry->source && strcmp(sk_source_name((enum sk_source)r->source), entry->source) != 0)
		return false;
	for (size_t i = 0; i < entry->tags.n; i++)
		if (!has_tag(v, r, entry->tags.v[i]))
			return false;
	return true;
}

/* The template that was compiled from TEXT, or noutputs. Templates that were added stand behind those of the rules. */
static uint32_t
find_output(const struct sk_bundle_view *v, const char *text)
{
	uint32_t i = v->noutputs;

	while (i > 0 && !sk_slice_is(sk_bundle_str(v, v->outputs[i - 1].text), text))
		i--;
	return i ? i - 1 : v->noutputs;
}

static bool
hand_out(void *arg, const char *text, const struct sk_append_output *entry, const struct sk_extra_field *field)
{
	struct append *a = arg;
	const struct sk_alert_extra x = { .output = find_output(a->v, text), .key = field ? field->key : NULL, .raw = field && !field->format };

	if (x.output == a->v->noutputs)
		return true; /* a bundle that was compiled without it: load_files() has said so */
	for (uint32_t i = 0; i < a->v->nrules; i++)
		if ((!entry || entry_matches(a->v, &a->v->rules[i], entry)) && !sk_alerter_add(a->alerter, i, &x))
			return false;
	return true;
}

bool
sk_rules_append(const struct sk_config *c, const struct sk_loaded *l, const char *extra_output, struct sk_alerter *a)
{
	struct append append = { .v = sk_bundle_view(l->bundle), .alerter = a };

	return each_extra(c, extra_output, hand_out, &append);
}
