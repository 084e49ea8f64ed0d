/* The tables, one row a line, columns separated by tabs. */
#include "compiler/cmd/cmd.h"

#include "base/schema.h"

static const char *
argument_name(enum sk_field_arg a)
{
	switch (a) {
	case SK_FA_NONE: return "none";
	case SK_FA_OPT: return "optional";
	case SK_FA_OPT_INDEX: return "optional index";
	case SK_FA_REQ: return "required";
	case SK_FA_REQ_KEY: return "key";
	case SK_FA_REQ_KEY_OR_INDEX: return "key or index";
	}
	return "?";
}

static bool
of_source(const struct sk_field_desc *f, const char *source)
{
	bool audit = f->provider == SK_FP_K8SAUDIT || f->provider == SK_FP_JSON;

	return !source || strcmp(source, sk_source_name(audit ? SK_SOURCE_K8S_AUDIT : SK_SOURCE_SYSCALL)) == 0;
}

static void
list_fields(const char *source)
{
	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *f = sk_field_desc(id);

		if (f && f->state == SK_FS_READY && !(f->flags & SK_FF_TABLE_ONLY) && of_source(f, source))
			printf("%s\t%s%s\t%s\t%s%s\n", f->name, f->flags & SK_FF_LIST ? "list of " : "", sk_type_name((enum sk_ptype)f->type),
			       argument_name((enum sk_field_arg)f->arg), f->flags & SK_FF_DEPRECATED ? "(deprecated) " : "", f->help);
	}
}

static void
list_events(void)
{
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		if (!d || (d->flags & (SK_EF_UNUSED | SK_EF_OLD_VERSION)) || (!(e & 1) && (d->category & SK_EC_SYSCALL)))
			continue;
		printf("%s %s(", e & 1 ? "<" : ">", d->name);
		for (uint32_t i = 0; i < d->nparams; i++)
			printf("%s%s %s", i ? ", " : "", sk_type_name((enum sk_ptype)d->params[i].type), d->params[i].name);
		puts(")");
	}
}

static void
list_ops(void)
{
	static const char *const rhs[] = { "nothing", "a number", "a value", "a list" };

#define SK_CMP(sym, token, crhs, types) printf("operator\t%s\t%s\n", token, rhs[SK_RHS_##crhs]);
#include <saker/cmps.def>
#undef SK_CMP
#define SK_XFORM(num, sym, name, min, max, arg) printf("transformer\t%s\t%d%s arguments\n", name, min, (max) == 0 ? " or more" : "");
#include <saker/xforms.def>
#undef SK_XFORM
#define SK_OP(num, name, fmt, cls, doc) printf("instruction\t%s\t%s\n", #name, doc);
#include <saker/ops.def>
#undef SK_OP
}

int
sk_cmd_list(struct sk_cmd *c)
{
	const char *what = c->nargs ? c->args[0] : "";
	const char *source = c->nargs > 1 ? c->args[1] : NULL;

	if (strcmp(what, "fields") == 0) {
		list_fields(source);
	} else if (strcmp(what, "events") == 0) {
		list_events();
	} else if (strcmp(what, "ops") == 0) {
		list_ops();
	} else {
		fputs("sakerc: list needs one of fields, events, ops\n", stderr);
		return SK_EXIT_USAGE;
	}
	return SK_EXIT_OK;
}
