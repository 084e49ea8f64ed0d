#include "tests/diag/pipeline.h"

#include <saker/limits.h>

#ifdef SK_TEST_SEMA
#include "compiler/ir.h"
#include "compiler/lint/lint.h"
#endif

bool
pipeline_checks_conditions(void)
{
#ifdef SK_TEST_SEMA
	return true;
#else
	return false;
#endif
}

void
pipeline_run(struct pipeline *p, const struct sk_slice *names, const struct sk_slice *texts, size_t n)
{
	pipeline_run_as(p, SK_DIALECT_SAKER, names, texts, n);
}

void
pipeline_run_as(struct pipeline *p, enum sk_dialect dialect, const struct sk_slice *names, const struct sk_slice *texts, size_t n)
{
	*p = (struct pipeline){ .cx.dialect = dialect };
	p->cx.arena = sk_arena_new(SK_MAX_COMPILE_MEMORY);
	p->cx.atoms = sk_atoms_new(p->cx.arena);
	p->cx.diags = sk_diags_new(p->cx.arena);
	p->fine = true;
	for (size_t i = 0; i < n; i++)
		p->fine &= sk_collect_file(&p->cx, &p->rs, names[i], texts[i]);
	p->fine = p->fine && sk_expand(&p->cx, &p->rs);
#ifdef SK_TEST_SEMA
	p->graph = p->fine ? sk_sema(&p->cx, &p->rs) : NULL;
	p->fine = p->graph != NULL;
#endif
}

void
pipeline_run_text(struct pipeline *p, const char *text)
{
	pipeline_run(p, &SK_SLICE("test.yaml"), &(struct sk_slice){ text, strlen(text) }, 1);
}

bool
pipeline_lint(struct pipeline *p, struct sk_slice spec)
{
#ifdef SK_TEST_SEMA
	bool on[SK_DIAG_COUNT] = { 0 };

	return sk_lint_select(on, spec) && p->graph && sk_lint(&p->cx, &p->rs, p->graph, on);
#else
	(void)p;
	(void)spec;
	return true;
#endif
}

void
pipeline_end(struct pipeline *p)
{
	sk_arena_free(p->cx.arena);
}

size_t
pipeline_count(struct pipeline *p, enum sk_diag_code code)
{
	size_t n, found = 0;
	const struct sk_diag *const *all = sk_diags_sorted(p->cx.diags, &n);

	for (size_t i = 0; i < n; i++)
		found += all[i]->code == code;
	return found;
}

struct sk_slice
pipeline_read(const char *path)
{
	SK_AUTO_FCLOSE FILE *f = fopen(path, "rb");
	char *p = NULL;
	size_t n = 0, got;

	if (!f)
		return (struct sk_slice){ 0 };
	do {
		char *grown = realloc(p, n + 65536 + 1);

		if (!grown) {
			free(p);
			return (struct sk_slice){ 0 };
		}
		p = grown;
		got = fread(p + n, 1, 65536, f);
		n += got;
	} while (got);
	p[n] = 0;
	return sk_slice(p, n);
}
