#include "compiler/fmt/fmt_internal.h"

#include <saker/limits.h>

/* --- the check --------------------------------------------------------------------------------- */
static bool same(struct sk_arena *a, const struct sk_fmt_node *x, const struct sk_fmt_node *y);

static const struct sk_fmt_node *
counterpart(const struct sk_fmt_node *kid, size_t i, const struct sk_fmt_node *other)
{
	if (!kid->key)
		return i < other->kids.n ? other->kids.v[i] : NULL;
	/* Near the same place: few keys move. */
	for (size_t k = 0; k < other->kids.n; k++) {
		const struct sk_fmt_node *o = other->kids.v[(i + k) % other->kids.n];

		if (sk_slice_eq(o->key->text.s, kid->key->text.s))
			return o;
	}
	return NULL;
}

static bool
same_scalar(struct sk_arena *a, const struct sk_fmt_node *x, const struct sk_fmt_node *y)
{
	if (sk_yaml_is_null(x->node) != sk_yaml_is_null(y->node))
		return false;
	return sk_slice_eq(x->node->text.s, y->node->text.s) ||
	       (sk_fmt_is_condition(x) && sk_fmt_same_condition(a, x->node->text.s, y->node->text.s));
}

/* Keys of maps may have changed places, nothing else. */
static bool
same(struct sk_arena *a, const struct sk_fmt_node *x, const struct sk_fmt_node *y)
{
	if (x->node->kind != y->node->kind || x->kids.n != y->kids.n)
		return false;
	if (x->node->kind == SK_YAML_SCALAR)
		return same_scalar(a, x, y);
	for (size_t i = 0; i < x->kids.n; i++) {
		const struct sk_fmt_node *other = counterpart(x->kids.v[i], i, y);

		if (!other || !same(a, x->kids.v[i], other))
			return false;
	}
	return true;
}

static int
by_text(const void *pa, const void *pb)
{
	const struct sk_comment *a = pa, *b = pb;

	return sk_slice_cmp(a->text, b->text);
}

static bool
same_comments(struct sk_fmt_tree *x, struct sk_fmt_tree *y)
{
	if (x->comments.n != y->comments.n)
		return false;
	if (x->comments.n) {
		qsort(x->comments.v, x->comments.n, sizeof(*x->comments.v), by_text);
		qsort(y->comments.v, y->comments.n, sizeof(*y->comments.v), by_text);
	}
	for (size_t i = 0; i < x->comments.n; i++)
		if (!sk_slice_eq(x->comments.v[i].text, y->comments.v[i].text))
			return false;
	return true;
}

/* --- reading ----------------------------------------------------------------------------------- */
static bool
read_tree(struct sk_fmt_tree *t, struct sk_diags *diags)
{
	struct sk_yaml_docs docs;

	return sk_yaml_parse(t->arena, diags, t->file, &docs) && sk_fmt_tree_build(t, &docs) && sk_fmt_comments_find(t, &docs);
}

/* The rule language does not care for the last key of two, but the first one's text would be lost. */
static bool
is_fit(struct sk_fmt_tree *t, struct sk_diags *diags)
{
	size_t n;
	const struct sk_diag *const *found = sk_diags_sorted(diags, &n);

	for (size_t i = 0; i < n; i++)
		if (found[i]->code == SK_D_DUPLICATE_KEY) {
			sk_diags_deny(diags, SK_D_DUPLICATE_KEY);
			return false;
		}
	for (size_t i = 0; i < t->roots.n; i++)
		if (t->roots.v[i]->node->kind != SK_YAML_SEQ) {
			(void)sk_diag_add(diags, SK_D_NOT_A_LIST, t->roots.v[i]->node->loc,
					  "rules content is not a list of maps");
			return false;
		}
	return true;
}

static bool
is_faithful(struct sk_fmt_tree *before, struct sk_buf *out)
{
	struct sk_fmt_tree after = { .arena = before->arena };
	struct sk_diags *aside = sk_diags_new(before->arena);

	after.file = sk_file_new(before->arena, before->file->name, sk_buf_view(out));
	if (out->failed || !aside || !after.file || !read_tree(&after, aside) || after.roots.n != before->roots.n)
		return false;
	for (size_t i = 0; i < before->roots.n; i++)
		if (!same(before->arena, before->roots.v[i], after.roots.v[i]))
			return false;
	return same_comments(before, &after);
}

bool
sk_fmt(struct sk_arena *arena, struct sk_diags *diags, const struct sk_file *file, struct sk_buf *out)
{
	struct sk_fmt_tree t = { .arena = arena, .file = file };

	if (!read_tree(&t, diags) || !is_fit(&t, diags))
		return false;
	if (!t.anchors.n) {
		/* Nothing but comments, or nothing at all. */
		sk_buf_slice(out, file->text);
		return !out->failed;
	}
	if (!sk_fmt_comments_attach(&t))
		return false;
	sk_fmt_emit(&t, out);
	if (!t.failed && is_faithful(&t, out))
		return true;
	(void)sk_diag_add(diags, SK_D_NOT_FORMATTED, (struct sk_loc){ file, { 0, 0 } },
			  "the file cannot be formatted without a change of meaning; it stays as it is");
	return false;
}
