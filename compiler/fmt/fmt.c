#include "compiler/fmt/fmt_internal.h"

#include <saker/limits.h>

/* One tree at a time: that of the file is gone when that of the formatted text is made. */
struct job {
	struct sk_arena *arena; /* of the caller, for findings */
	struct sk_diags *diags;
	const struct sk_file *file;
	struct sk_buf *out;
	struct sk_fmt_meaning before;
};

/* A file with its tree, and the memory that they are in. */
struct reading {
	struct sk_arena *arena;
	struct sk_diags *diags;
	const struct sk_file *file;
	struct sk_yaml_docs docs;
};

static bool
out_of_memory(struct job *j)
{
	(void)sk_diag_add(j->diags, SK_D_OUT_OF_MEMORY, (struct sk_loc){ j->file, { 0, 0 } }, "out of memory");
	return false;
}

/* --- reading ----------------------------------------------------------------------------------- */
/* FILE, or else TEXT. False: memory ran out, or what is wrong is in R's findings. */
static bool
take(struct reading *r, const struct sk_file *file, struct sk_slice text)
{
	r->arena = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	r->diags = r->arena ? sk_diags_new(r->arena) : NULL;
	r->file = r->diags && !file ? sk_file_new(r->arena, SK_SLICE(""), text) : file;
	return r->diags && r->file && sk_yaml_parse(r->arena, r->diags, r->file, &r->docs);
}

static bool
ran_out(const struct reading *r)
{
	return !r->diags || !r->file || sk_arena_failed(r->arena);
}

/* The rule language does not care for the last key of two, but the first one's text would be lost. */
static bool
has_duplicate(struct sk_diags *diags)
{
	size_t n;
	const struct sk_diag *const *found = sk_diags_sorted(diags, &n);

	for (size_t i = 0; i < n; i++)
		if (found[i]->code == SK_D_DUPLICATE_KEY)
			return true;
	return false;
}

/* What is wrong with the file, once more, where findings outlive the tree. */
static bool
report_reading(struct job *j)
{
	struct sk_yaml_docs docs;

	(void)sk_yaml_parse(j->arena, j->diags, j->file, &docs);
	sk_diags_deny(j->diags, SK_D_DUPLICATE_KEY);
	return sk_diags_errors(j->diags) ? false : out_of_memory(j);
}

/* --- writing ----------------------------------------------------------------------------------- */
static bool
is_list_of_rules(struct job *j, const struct sk_yaml_docs *docs)
{
	for (size_t i = 0; i < docs->roots.n; i++)
		if (docs->roots.v[i]->kind != SK_YAML_SEQ) {
			(void)sk_diag_add(j->diags, SK_D_NOT_A_LIST, docs->roots.v[i]->loc,
					  "rules content is not a list of maps");
			return false;
		}
	return true;
}

static bool
has_items(const struct sk_yaml_docs *docs)
{
	for (size_t i = 0; i < docs->roots.n; i++)
		if (docs->roots.v[i]->items.n)
			return true;
	return false;
}

static bool
write_tree(struct job *j, struct sk_fmt_tree *t, const struct sk_yaml_docs *docs)
{
	if (!sk_fmt_tree_build(t, docs) || (!sk_fmt_comments_attach(t, docs) && !t->why))
		return out_of_memory(j);
	if (t->why) {
		(void)sk_diag_add(j->diags, SK_D_NOT_FORMATTED, (struct sk_loc){ t->file, t->where }, "%s", t->why);
		return false;
	}
	sk_fmt_emit(t, j->out);
	return t->failed || j->out->failed ? out_of_memory(j) : true;
}

/* *RET_AS_IS: there is nothing to format, but for comments perhaps. */
static bool
write_out(struct job *j, bool *ret_as_is)
{
	struct reading r = { 0 };
	bool ok = take(&r, j->file, (struct sk_slice){ 0 }), bad = !ran_out(&r) && (!ok || has_duplicate(r.diags));
	struct sk_fmt_tree t = { .arena = r.arena, .file = j->file };

	*ret_as_is = false;
	if (bad || !ok) {
		sk_arena_free(r.arena);
		return bad ? report_reading(j) : out_of_memory(j);
	}
	ok = is_list_of_rules(j, &r.docs);
	if (ok && !has_items(&r.docs)) {
		*ret_as_is = true;
		sk_buf_slice(j->out, j->file->text);
		ok = j->out->failed ? out_of_memory(j) : true;
	} else if (ok) {
		sk_fmt_meaning(&j->before, &r.docs);
		ok = j->before.says.failed ? out_of_memory(j) : write_tree(j, &t, &r.docs);
	}
	sk_arena_free(r.arena);
	return ok;
}

/* --- the check --------------------------------------------------------------------------------- */
static bool
differ(struct job *j, struct sk_loc loc, const char *what)
{
	(void)sk_diag_add(j->diags, SK_D_NOT_FORMATTED, (struct sk_loc){ j->file, loc.span }, "%s; the file stays as it is", what);
	return false;
}

/* What stands in the file where the formatted text is wrong at offset AT. */
static struct sk_loc
find_in_file(struct job *j, size_t at)
{
	struct reading r = { 0 };
	struct sk_loc loc = { j->file, { 0, 0 } };

	j->out->n = 0;
	if (take(&r, j->file, (struct sk_slice){ 0 })) {
		struct sk_fmt_tree t = { .arena = r.arena, .file = j->file, .watch = at };

		if (sk_fmt_tree_build(&t, &r.docs) && sk_fmt_comments_attach(&t, &r.docs))
			sk_fmt_emit(&t, j->out);
		if (t.blame)
			loc.span = (t.blame->key ? t.blame->key : t.blame->node)->loc.span;
	}
	sk_arena_free(r.arena);
	return loc;
}

static size_t
first_finding(const struct reading *r)
{
	size_t n;
	const struct sk_diag *const *found = sk_diags_sorted(r->diags, &n);

	return n ? found[0]->loc.span.beg : 0;
}

/* Where in the formatted text the first value is that is another one. */
static size_t
first_difference(struct job *j, const struct sk_fmt_meaning *after, const struct sk_yaml_docs *docs)
{
	struct sk_fmt_meaning again = { 0 };
	struct sk_slice a = sk_buf_view(&j->before.says), b = sk_buf_view(&after->says);

	while (again.watch < a.n && again.watch < b.n && a.p[again.watch] == b.p[again.watch])
		again.watch++;
	sk_fmt_meaning(&again, docs);
	sk_buf_free(&again.says);
	return again.blame.span.beg;
}

static bool
lost_comment(struct job *j, const struct sk_yaml_docs *docs)
{
	struct reading r = { 0 };
	struct sk_loc loc = { 0 };

	if (take(&r, j->file, (struct sk_slice){ 0 }))
		loc = sk_fmt_lost_comment(r.arena, &r.docs, docs);
	sk_arena_free(r.arena);
	return differ(j, loc, "formatted, this comment would be lost");
}

static bool
check(struct job *j)
{
	struct reading r = { 0 };
	struct sk_fmt_meaning after = { 0 };
	bool ok = take(&r, NULL, sk_buf_view(j->out)), same = false;
	size_t at = 0;

	if (ok) {
		sk_fmt_meaning(&after, &r.docs);
		same = sk_slice_eq(sk_buf_view(&j->before.says), sk_buf_view(&after.says));
		if (!same)
			at = first_difference(j, &after, &r.docs);
	} else if (!ran_out(&r)) {
		at = first_finding(&r);
	}
	if (ran_out(&r) || after.says.failed)
		ok = out_of_memory(j);
	else if (!same)
		ok = differ(j, find_in_file(j, at), "formatted, this would mean something else");
	else if (j->before.comments != after.comments || j->before.ncomments != after.ncomments)
		ok = lost_comment(j, &r.docs);
	sk_buf_free(&after.says);
	sk_arena_free(r.arena);
	return ok;
}

bool
sk_fmt(struct sk_arena *arena, struct sk_diags *diags, const struct sk_file *file, struct sk_buf *out)
{
	struct job j = { .arena = arena, .diags = diags, .file = file, .out = out };
	bool as_is, ok = write_out(&j, &as_is) && (as_is || check(&j));

	sk_buf_free(&j.before.says);
	return ok;
}
