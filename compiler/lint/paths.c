/* Constants that no path of the field can equal, begin or hold: relative ones, and forms that are put right before the field has them. */
#include "compiler/lint/lint_internal.h"

#include "base/schema.h"

/* Sets what was looked at here apart from what other lints did. */
#define PATHS_SEEN (UINT64_C(1) << 63)

enum path_kind { PATH_NONE, PATH_ABSOLUTE, PATH_CALL, PATH_DIRECTORY, PATH_CWD, PATH_DESCRIPTOR, PATH_LAST };

struct path {
	struct sk_lint *l;
	struct sk_lint_rule *r;
	const struct sk_cond *c;
	const struct sk_irv *field;
	const struct sk_opnd *o;
	enum path_kind kind;
	bool opened; /* all events of the rule open files: descriptors are such */
	bool begins, ends, glob; /* the path is the text or begins or ends with it; the text is a pattern */
};

#define report(k, code, ...)                                                                                                 \
	(void)sk_lint_report((k)->l, code, &(k)->r->rule->cond_item, sk_opnd_loc((k)->c, (k)->o), (k)->c, __VA_ARGS__)

/* PATH_CALL: what a call was given, made absolute. */
static enum path_kind
path_kind(enum sk_field_id id)
{
	switch ((int)id) {
	case SK_F_proc_exepath:
	case SK_F_proc_pexepath:
	case SK_F_proc_aexepath: return PATH_ABSOLUTE;
	case SK_F_fs_path_name:
	case SK_F_fs_path_source:
	case SK_F_fs_path_target:
	case SK_F_evt_abspath: return PATH_CALL;
	case SK_F_fd_directory: return PATH_DIRECTORY;
	case SK_F_proc_cwd: return PATH_CWD;
	case SK_F_fd_name: return PATH_DESCRIPTOR;
	case SK_F_fd_filename: return PATH_LAST;
	default: return PATH_NONE;
	}
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
static bool
opens(uint32_t type)
{
	return type == SK_E_SYSCALL_OPEN_X || type == SK_E_SYSCALL_CREAT_X || type == SK_E_SYSCALL_OPENAT_2_X ||
	       type == SK_E_SYSCALL_OPENAT2_X || type == SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X;
}

static bool
only_opens(const struct sk_lint_rule *r)
{
	if (!r->typed || sk_event_set_empty(&r->types))
		return false;
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (sk_event_set_has(&r->types, e) && !opens(e))
			return false;
	return true;
}

static bool
has_type(const struct sk_lint_rule *r, uint32_t type)
{
	return sk_event_set_has(&r->types, type);
}

/* --- beginnings ------------------------------------------------------------------------------------------------------------ */
/* Names of descriptors that are no files hold colons, arrows, blanks or brackets, or begin with a digit (addresses). */
static bool
may_be_no_file(struct sk_slice s)
{
	static const char odd[] = ":> [](";

	for (size_t i = 0; i < sizeof(odd) - 1; i++)
		if (memchr(s.p, odd[i], s.n))
			return true;
	return (s.p[0] >= '0' && s.p[0] <= '9') || !memchr(s.p, '/', s.n);
}

static bool
is_relative(const struct path *k)
{
	struct sk_slice s = k->o->text;

	if (s.p[0] == '/' || s.p[0] == '<' || sk_slice_starts(s, SK_SLICE("memfd:")))
		return false;
	/* A pattern's first component may stand for anything. */
	if ((k->glob || k->c->cmp == SK_CMP_PMATCH) && memchr("*?[\\", s.p[0], 4))
		return false;
	return k->kind != PATH_DESCRIPTOR || k->opened || !may_be_no_file(s);
}

/* --- components that are put right ----------------------------------------------------------------------------------------- */
/* The first of "//", "/./", "/../" in the text; "../" at the start of a part of a path. */
static const char *
odd_component(const struct path *k)
{
	static const char *const all[] = { "/../", "/./", "//" };
	struct sk_slice s = k->o->text;

	for (size_t i = 0; i < SK_COUNTOF(all); i++)
		if (memmem(s.p, s.n, all[i], strlen(all[i])))
			return all[i];
	if (k->ends && sk_slice_ends(s, SK_SLICE("/..")))
		return "/..";
	return !k->begins && !k->glob && sk_slice_starts(s, SK_SLICE("../")) ? "../" : NULL;
}

static bool
is_normalised(const struct path *k)
{
	switch (k->kind) {
	case PATH_CWD: return true;
	case PATH_CALL: /* two calls show the name of their descriptor */
		return k->r->typed && !has_type(k->r, SK_E_SYSCALL_FCHMOD_X) && !has_type(k->r, SK_E_SYSCALL_FCHOWN_X);
	case PATH_DESCRIPTOR:
	case PATH_DIRECTORY: return k->opened;
	case PATH_NONE:
	case PATH_ABSOLUTE:
	case PATH_LAST: break;
	}
	return false;
}

static const char *
raw_field(enum sk_field_id id)
{
	switch ((int)id) {
	case SK_F_fs_path_name: return "fs.path.nameraw";
	case SK_F_fs_path_source: return "fs.path.sourceraw";
	case SK_F_fs_path_target: return "fs.path.targetraw";
	case SK_F_fd_name: return "fd.nameraw";
	default: return NULL;
	}
}

static bool
check_components(const struct path *k)
{
	const char *odd = is_normalised(k) && k->c->cmp != SK_CMP_PMATCH ? odd_component(k) : NULL;
	const char *raw = raw_field((enum sk_field_id)k->field->field->id);
	bool descriptor = k->kind == PATH_DESCRIPTOR || k->kind == PATH_DIRECTORY;
	bool fails = descriptor && (has_type(k->r, SK_E_SYSCALL_OPEN_X) || has_type(k->r, SK_E_SYSCALL_CREAT_X));

	if (!odd)
		return false;
	report(k, SK_D_PATH_FORM, "%s is normalised and holds no '%s'%s%s%s", k->field->field->name, odd,
	       fails ? ", but for an open or creat that failed" : "", raw ? "; what the program passed is in " : "", raw ? raw : "");
	return true;
}

/* --- the last component ---------------------------------------------------------------------------------------------------- */
static void
check_last(const struct path *k)
{
	struct sk_slice s = k->o->text;
	bool any = k->begins || k->ends || k->c->cmp == SK_CMP_CONTAINS || k->c->cmp == SK_CMP_ICONTAINS;

	if (!memchr(s.p, '/', s.n) || k->c->cmp == SK_CMP_PMATCH || (k->glob && memchr(s.p, '[', s.n)))
		return;
	if (s.n > 1 && (any || k->glob))
		report(k, SK_D_PATH_FORM, "fd.filename is the last component of a path and holds no '/'");
	else if (k->c->cmp == SK_CMP_STARTSWITH || k->c->cmp == SK_CMP_ENDSWITH || k->c->cmp == SK_CMP_CONTAINS)
		report(k, SK_D_PATH_FORM, "fd.filename is the last component of a path and holds no '/', but for the root itself");
}

/* --- all ------------------------------------------------------------------------------------------------------------------- */
static void
check(const struct path *k)
{
	struct sk_slice s = k->o->text;
	bool slash = s.n > 1 && s.p[s.n - 1] == '/';
	const char *name = k->field->field->name;

	if (k->kind == PATH_LAST)
		check_last(k);
	else if (k->begins && is_relative(k))
		report(k, SK_D_RELATIVE_PATH, "%s is an absolute path and this is none", name);
	else if (check_components(k))
		return;
	else if (k->kind == PATH_CWD && k->ends && s.p[s.n - 1] != '/')
		report(k, SK_D_PATH_FORM, "%s always ends in '/'", name);
	else if (k->kind != PATH_CWD && k->ends && slash && (s.p[0] == '/' || k->c->cmp != SK_CMP_ENDSWITH))
		report(k, SK_D_PATH_FORM, "%s never ends in '/'", name);
}

/* What of the rule matters: an answer for one list is the same for all rules of the same case. */
static uint64_t
case_of(const struct path *k)
{
	bool fails = has_type(k->r, SK_E_SYSCALL_OPEN_X) || has_type(k->r, SK_E_SYSCALL_CREAT_X);

	return (uint64_t)k->opened | (uint64_t)is_normalised(k) << 1 | (uint64_t)fails << 2;
}

void
sk_lint_paths(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_cond *c, const struct sk_irv *field)
{
	struct path k = { .l = l, .r = r, .c = c, .field = field, .kind = path_kind((enum sk_field_id)field->field->id) };
	bool exact = sk_lint_is_exact(c->cmp), list = c->rhs->kind == SK_OPND_LIST;

	if (k.kind == PATH_NONE || c->cmp == SK_CMP_REGEX)
		return;
	k.glob = c->cmp == SK_CMP_GLOB || c->cmp == SK_CMP_IGLOB;
	k.begins = exact || k.glob || c->cmp == SK_CMP_STARTSWITH || c->cmp == SK_CMP_PMATCH;
	k.ends = exact || c->cmp == SK_CMP_ENDSWITH;
	k.opened = only_opens(r);
	if (list && !sk_lint_once(l, (uint64_t)(uintptr_t)c->rhs->args ^ PATHS_SEEN,
				  case_of(&k) << 32 | (uint64_t)field->field->id << 8 | c->cmp))
		return;
	for (uint32_t i = 0; i < (list ? c->rhs->nargs : 1); i++) {
		k.o = list ? c->rhs->args[i] : c->rhs;
		if (k.o->kind == SK_OPND_LITERAL && k.o->text.n)
			check(&k);
	}
}
