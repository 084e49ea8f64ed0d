#include "compiler/compile.h"

#include "compiler/emit.h"
#include "compiler/lint/lint.h"

#include <errno.h>
#include <saker/limits.h>

static bool
extra_outputs(struct sk_ir_graph *g, const struct sk_compile_job *job)
{
	for (size_t i = 0; i < job->nextra_outputs; i++) {
		struct sk_text *t = SK_NEW(g->cx->arena, struct sk_text);

		if (!t)
			return false;
		t->s = job->extra_outputs[i];
		sk_sema_extra_output(g, t);
	}
	return !sk_arena_failed(g->cx->arena);
}

/* An unreadable file stands among the others, without text, so that the finding has a file. */
static bool
unreadable(struct sk_compile *cx, struct sk_ruleset *rs, const struct sk_compile_input *in)
{
	struct sk_file *f = sk_file_new(cx->arena, in->name, SK_SLICE(""));

	if (!f || !sk_vec_push_arena(&rs->files, cx->arena, f))
		return false;
	(void)sk_diag_add(cx->diags, SK_D_FILE_READ, (struct sk_loc){ f, { 0, 0 } }, "the file cannot be read: %s", in->error);
	return true;
}

static bool
front(struct sk_compile *cx, const struct sk_compile_job *job, struct sk_ruleset *rs)
{
	for (size_t i = 0; i < job->ninputs; i++) {
		const struct sk_compile_input *in = &job->inputs[i];

		if (!(in->error ? unreadable(cx, rs, in) : sk_collect_file(cx, rs, in->name, in->text)))
			return false;
	}
	if (!sk_expand(cx, rs))
		return false;
	for (size_t i = 0; job->only.n && i < rs->rules.n; i++)
		rs->rules.v[i]->skipped |= !sk_slice_eq(rs->rules.v[i]->name, job->only);
	return true;
}

static int
back(struct sk_compilation *c, const struct sk_compile_job *job, struct sk_buf *out)
{
	c->plan = SK_NEW(c->arena, struct sk_plan);
	if (!c->plan)
		return -ENOMEM;
	c->plan->g = c->graph;
	memcpy(c->plan->off, job->off, sizeof(c->plan->off));
	if (!sk_plan_make(c->plan))
		return -ENOMEM;
	return sk_emit_bundle(c->plan, c->rs, out);
}

/* Without lints the comments that allow warnings still count. */
static const bool no_lints[SK_DIAG_COUNT];

static int
stages(struct sk_compile *cx, const struct sk_compile_job *job, struct sk_compilation *c, struct sk_buf *out)
{
	if (!front(cx, job, c->rs))
		return -ENOMEM;
	c->graph = sk_sema(cx, c->rs);
	if (!c->graph || !extra_outputs(c->graph, job))
		return -ENOMEM;
	/* What Falco refuses is an error there, and no comment allows it. */
	if (job->dialect == SK_DIALECT_FALCO)
		sk_diags_deny(c->diags, SK_D_OLD_SYNTAX);
	if (!sk_lint(cx, c->rs, c->graph, job->check_only ? job->lint : no_lints))
		return -ENOMEM;
	for (uint32_t i = 0; i < SK_DIAG_COUNT; i++)
		if (job->deny[i])
			sk_diags_deny(c->diags, (enum sk_diag_code)i);
	if (sk_diags_errors(c->diags) && !job->keep_going)
		return -EINVAL;
	return job->check_only ? 0 : back(c, job, out);
}

int
sk_compile_run(const struct sk_compile_job *job, struct sk_compilation *ret, struct sk_buf *out)
{
	struct sk_compile *cx = &ret->cx;
	int r = -ENOMEM;

	*ret = (struct sk_compilation){ .arena = sk_arena_new(SK_MAX_COMPILE_MEMORY), .findings = sk_arena_new(SK_MAX_DIAGS_MEMORY) };
	if (ret->arena && ret->findings) {
		cx->arena = ret->arena;
		cx->dialect = job->dialect;
		cx->atoms = sk_atoms_new(ret->arena);
		cx->diags = ret->diags = sk_diags_new(ret->findings);
		ret->rs = SK_NEW(ret->arena, struct sk_ruleset);
		if (cx->atoms && cx->diags && ret->rs)
			r = stages(cx, job, ret, out);
	}
	if (r == -ENOMEM && ret->diags)
		(void)sk_diag_add(ret->diags, SK_D_OUT_OF_MEMORY, (struct sk_loc){ 0 }, "out of memory");
	if (r == -E2BIG)
		(void)sk_diag_add(ret->diags, SK_D_TOO_MANY_ITEMS, (struct sk_loc){ 0 }, "the rule set is beyond a limit of the bundle format (%u value registers, %u instructions a program)",
				  SK_MAX_VALUES, SK_MAX_CODE);
	return r;
}

void
sk_compilation_free(struct sk_compilation *c)
{
	sk_arena_free(c->findings);
	sk_arena_free(c->arena);
	*c = (struct sk_compilation){ 0 };
}
