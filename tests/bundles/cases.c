#include "tests/bundles/cases.h"

#include <ctype.h>
#include <stdlib.h>

/* A bundle with a little of everything; cases break one thing of it. */
const char bad_everything[] = "input i0 \"rules.yaml\"\n"
			      "output o0 \"shell %proc.name\"\n"
			      "\ttext \"shell \"\n"
			      "\tfield proc.name key \"proc.name\" type CHARBUF\n"
			      "rule r0 \"shell\"\n"
			      "\tprints o0\n"
			      "\ttags \"a\" \"b\"\n"
			      "rule r1 \"net\"\n"
			      "\tprints o0\n"
			      "select x0 set {\"bash\", \"zsh\"}\n"
			      "\tblocks 0\n"
			      "\tblocks 1\n"
			      "program 0 memos 1\n"
			      "\ton syscall SYSCALL_OPENAT_2_X\n"
			      "\tSELECT proc.name, x0 @rules.yaml:1:1\n"
			      "\tNEXT\n"
			      "block 0\n"
			      "\tPMATCH fd.name, {\"/etc/passwd\", \"/etc/shadow\"} ? a : n\n"
			      "a:\tIN_LIST proc.name, [\"bash\"] ? y : n\n"
			      "y:\tMATCH r0\n"
			      "n:\tNEXT\n"
			      "block 1\n"
			      "\tEQ_IP fd.sip, 127.0.0.1 ? b : m\n"
			      "b:\tMULTI fd.name, anyof CONTAINS (\"x\", \"y\") ? c : m\n"
			      "c:\tEQ_STR tolower(proc.name), \"sh\" ? z : m\n"
			      "z:\tMATCH r1\n"
			      "m:\tNEXT\n"
			      "interest syscall SYSCALL_OPENAT_2_X (proc.name)\n";

/* One rule and a program of these lines. */
#define PROGRAM(code) "rule r0 \"a\"\nrule r1 \"b\"\nprogram\n" code

struct bad_case {
	enum sk_reject_code code;
	const char *text; /* NULL: bad_everything */
	void (*change)(struct sk_buf *img); /* before the digest is put right; may be NULL */
	void (*damage)(struct sk_buf *img); /* after it */
	void (*write)(struct sk_buf *text); /* instead of `text` */
};

#define CHANGE(name, ...)                                                                                                                \
	static void name(struct sk_buf *img)                                                                                             \
	{                                                                                                                                \
		__VA_ARGS__;                                                                                                             \
	}
#define HEADER image_header(img)
#define SECTION(id) image_section(img, SK_SEC_##id)
#define VALUE(i) IMAGE(img, SK_SEC_VALUES, struct sk_value_def, i)
#define SLOT(i) IMAGE(img, SK_SEC_SLOTS, struct sk_set_slot, i)
#define SET IMAGE(img, SK_SEC_SETS, struct sk_set_def, 0)
#define TRIE IMAGE(img, SK_SEC_TRIES, struct sk_trie_def, 0)
#define NODE(i) IMAGE(img, SK_SEC_NODES, struct sk_trie_node, i)
#define LIST(i) IMAGE(img, SK_SEC_LISTS, struct sk_list_def, i)
#define INSN(i) IMAGE(img, SK_SEC_CODE, struct sk_insn, i)
#define PROG IMAGE(img, SK_SEC_PROGRAMS, struct sk_program_def, 0)
#define RULE IMAGE(img, SK_SEC_RULES, struct sk_rule_def, 0)

/* --- header --- */
CHANGE(cut_end, img->n -= 8)
CHANGE(add_byte, sk_buf_char(img, '\0'))
CHANGE(magic, HEADER->magic[0] = 'x')
CHANGE(format, HEADER->format = SK_BUNDLE_FORMAT + 1)
CHANGE(too_large, HEADER->size = SK_MAX_BUNDLE + 1)
CHANGE(needs_field, HEADER->max_field = SK_F_LIMIT)
CHANGE(needs_event, HEADER->max_event = SK_EVENT_LIMIT)
CHANGE(needs_op, HEADER->max_op = 255)
CHANGE(needs_schema, HEADER->schema = SK_SCHEMA_VERSION + 1)
CHANGE(last_byte, img->p[img->n - 1] = 'x')
CHANGE(header_max, HEADER->max_event = SK_EVENT_LIMIT - 1)

/* --- sections --- */
CHANGE(section_count, HEADER->nsections = SK_MAX_SECTIONS + 1)
CHANGE(section_order, SECTION(ARGS)->id = SK_SEC_VALUES)
CHANGE(section_flag, SECTION(STRINGS)->required = 0)
CHANGE(section_unknown, SECTION(INPUTS)->id = SK_SEC_SIGNATURE + 1)
CHANGE(section_missing, SECTION(INPUTS)->required = 0; SECTION(INPUTS)->id = SK_SEC_SIGNATURE + 1)
CHANGE(section_alignment, SECTION(VALUES)->off += 4)
CHANGE(section_overlap, SECTION(VALUES)->off -= 16)
CHANGE(section_gap, SECTION(SLOTS)->size -= 16)
CHANGE(section_bounds, SECTION(VALUES)->size = 1u << 30)
CHANGE(section_size, SECTION(SLOTS)->size -= 1)
CHANGE(string_range, RULE->name.off = 1u << 30)
CHANGE(string_end, RULE->name.len -= 1)
CHANGE(reserved, VALUE(0)->zero = 1)

/* --- values: 0 proc.name, 1 fd.name, 2 fd.sip, 3 tolower(proc.name), constants --- */
static struct sk_value_def *
find_value(struct sk_buf *img, uint8_t def, uint8_t kind, bool is_list)
{
	for (uint32_t i = 0;; i++) {
		struct sk_value_def *d = VALUE(i);

		if (d->def == def && d->kind == kind && d->is_list == is_list)
			return d;
	}
}
#define FIELD0 find_value(img, SK_VD_FIELD, SK_V_STR, false)
#define XFORM0 find_value(img, SK_VD_XFORM, SK_V_STR, false)
#define CONST_STR find_value(img, SK_VD_CONST, SK_V_STR, false)
#define CONST_IP find_value(img, SK_VD_CONST, SK_V_IP, false)
#define CONST_LIST find_value(img, SK_VD_CONST, SK_V_STR, true)

CHANGE(value_def, VALUE(0)->def = 9)
CHANGE(value_order, CONST_LIST->def = SK_VD_FIELD)
CHANGE(value_kind, VALUE(0)->kind = SK_V_LIST)
CHANGE(field_unknown, FIELD0->id = SK_F_NONE)
CHANGE(field_not_ready, FIELD0->id = SK_F_ka_verb; HEADER->max_field = SK_F_ka_verb)
CHANGE(field_argument, FIELD0->arg = SK_VA_INDEX)
CHANGE(xform_unknown, XFORM0->id = SK_XF_LIMIT)
CHANGE(xform_args, *IMAGE(img, SK_SEC_ARGS, uint32_t, 0) = 3)
CHANGE(const_text, CONST_IP->id = 6)
CHANGE(const_list, *IMAGE(img, SK_SEC_ARGS, uint32_t, 1) = 0)
CHANGE(args, CONST_LIST->num = 0)

static void
write_deep_xform(struct sk_buf *text)
{
	sk_buf_str(text, "value v0 = proc.name\n");
	for (uint32_t i = 1; i <= SK_MAX_XFORM_DEPTH + 1; i++)
		sk_buf_printf(text, "value v%u = tolower(v%u)\n", i, i - 1);
}

/* --- sets and tries --- */
CHANGE(set_kind, SET->kind = SK_V_LIST)
CHANGE(set_slots, SET->nslots = 3)
CHANGE(set_member, for (uint32_t i = 0; i < SET->nslots; i++) SLOT(i)->value = 1)

static struct sk_set_slot *
a_member(struct sk_buf *img)
{
	for (uint32_t i = 0;; i++)
		if (SLOT(i)->value)
			return SLOT(i);
}
CHANGE(set_hash, a_member(img)->hash ^= 0x10000)
CHANGE(set_ordinal, a_member(img)->ordinal = 2)

/* {"a"}: two slots, the other one is not where it is looked for. */
static void
set_probe(struct sk_buf *img)
{
	struct sk_set_slot s = *SLOT(0);

	*SLOT(0) = *SLOT(1);
	*SLOT(1) = s;
}

/* {"bash", "zsh"}: its members in two slots instead of four. */
static void
set_full(struct sk_buf *img)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < SET->nslots; i++)
		if (SLOT(i)->value)
			*SLOT(k++) = *SLOT(i);
	SET->nslots = 2;
}

CHANGE(trie_kind, TRIE->kind = 9)
CHANGE(trie_nodes, TRIE->root += 1)
CHANGE(trie_shape, NODE(0)->first_child += 1)
CHANGE(trie_edge, NODE(1)->edge.off += NODE(1)->edge.len; NODE(1)->edge.len = 0)
CHANGE(trie_ordinal, NODE(2)->ordinal = 9)

/* /etc/passwd, /etc/shadow: nodes 2 and 3 are siblings. */
static void
trie_order(struct sk_buf *img)
{
	struct sk_str_ref edge = NODE(2)->edge;

	NODE(2)->edge = NODE(3)->edge;
	NODE(3)->edge = edge;
}

/* As deep as a trie may be, and one more node beside it. */
static void
write_deep_trie(struct sk_buf *text)
{
	sk_buf_str(text, "trie t0 path\n\t\"");
	for (uint32_t i = 0; i < SK_MAX_TRIE_DEPTH; i++)
		sk_buf_str(text, "/a");
	sk_buf_str(text, "\" \"/b\"\n");
}

/* Put that node below the deepest. */
static void
trie_depth(struct sk_buf *img)
{
	struct sk_trie_node a = *NODE(1);
	uint32_t last = TRIE->nnodes - 1;

	for (uint32_t i = 1; i <= last; i++) {
		*NODE(i) = a;
		NODE(i)->terminal = i >= last - 1;
		NODE(i)->ordinal = i == last;
		NODE(i)->nchildren = i < last;
		NODE(i)->first_child = i < last ? i + 1 : 0;
	}
	NODE(0)->nchildren = 1;
	NODE(0)->first_child = 1;
}

static void
write_long_pattern(struct sk_buf *text)
{
	sk_buf_str(text, "program\n\tREGEX proc.name, \"");
	for (uint32_t i = 0; i <= SK_MAX_REGEX; i++)
		sk_buf_char(text, 'a');
	sk_buf_str(text, "\" ? e : e\ne:\tEND\n");
}

/* Many fields that one long key is given to. */
static void
write_many_fields(struct sk_buf *text)
{
	sk_buf_str(text, "value v0 = evt.arg[\"");
	for (uint32_t i = 0; i < 4096; i++)
		sk_buf_char(text, 'a');
	sk_buf_str(text, "\"]\n");
	for (uint32_t i = 1; i < 100; i++)
		sk_buf_printf(text, "value v%u = evt.arg[%u]\n", i, i);
}
CHANGE(steps, for (uint32_t i = 1; i < 100; i++) *VALUE(i) = *VALUE(0))

/* --- lists, programs --- */
CHANGE(list_range, LIST(0)->n = 1u << 30)
CHANGE(multi_test, IMAGE(img, SK_SEC_MULTIS, struct sk_multi_def, 0)->op = SK_OP_END)
CHANGE(multi_operand, IMAGE(img, SK_SEC_MULTIS, struct sk_multi_def, 0)->list = 99)
CHANGE(select_table, IMAGE(img, SK_SEC_SELECTS, struct sk_select_def, 0)->table = 9)
CHANGE(select_lists, IMAGE(img, SK_SEC_SELECTS, struct sk_select_def, 0)->nlists = 1)
CHANGE(program_code, PROG->first_insn += 1)
CHANGE(program_blocks, PROG->blocks = 99)
CHANGE(program_memos, PROG->nmemos = SK_MAX_MEMOS + 1)
CHANGE(opcode, INSN(0)->op = 0xff)
CHANGE(operand_unused, INSN(1)->a = 1)
CHANGE(dispatch_size, SECTION(DISPATCH)->size -= 4)
CHANGE(dispatch_program, *IMAGE(img, SK_SEC_DISPATCH, uint32_t, SK_E_SYSCALL_OPENAT_2_X) = 9)
CHANGE(rule_enum, RULE->priority = SK_PRIO_COUNT)
CHANGE(rule_ref, RULE->output = 9)
CHANGE(output_pieces, IMAGE(img, SK_SEC_OUTPUTS, struct sk_output_def, 0)->npieces += 1)
CHANGE(piece_value, IMAGE(img, SK_SEC_PIECES, struct sk_piece_def, 1)->value = 999)
CHANGE(interest, IMAGE(img, SK_SEC_INTEREST, struct sk_interest_def, 0)->source = SK_SOURCE_COUNT)
CHANGE(srcmap_size, image_cut(img, SK_SEC_SRCMAP, sizeof(struct sk_srcmap_def)))
CHANGE(srcmap_ref, IMAGE(img, SK_SEC_SRCMAP, struct sk_srcmap_def, 0)->input = 9)

static void
write_many_selects(struct sk_buf *text)
{
	sk_buf_str(text, PROGRAM(""));
	for (uint32_t i = 0; i <= SK_MAX_SELECTS; i++)
		sk_buf_str(text, "\tALWAYS ()\n");
	sk_buf_str(text, "\tNEXT\n");
}

static const struct bad_case cases[] = {
	{ SK_REJECT_TRUNCATED, .damage = cut_end },
	{ SK_REJECT_TRAILING, .damage = add_byte },
	{ SK_REJECT_MAGIC, .change = magic },
	{ SK_REJECT_FORMAT, .change = format },
	{ SK_REJECT_TOO_LARGE, .change = too_large },
	{ SK_REJECT_NEEDS_FIELD, .change = needs_field },
	{ SK_REJECT_NEEDS_EVENT, .change = needs_event },
	{ SK_REJECT_NEEDS_OP, .change = needs_op },
	{ SK_REJECT_NEEDS_SCHEMA, .change = needs_schema },
	{ SK_REJECT_DIGEST, .damage = last_byte },
	{ SK_REJECT_HEADER_MAX, .change = header_max },
	{ SK_REJECT_SECTION_COUNT, .change = section_count },
	{ SK_REJECT_SECTION_ORDER, .change = section_order },
	{ SK_REJECT_SECTION_FLAG, .change = section_flag },
	{ SK_REJECT_SECTION_UNKNOWN, .change = section_unknown },
	{ SK_REJECT_SECTION_MISSING, .change = section_missing },
	{ SK_REJECT_SECTION_ALIGNMENT, .change = section_alignment },
	{ SK_REJECT_SECTION_OVERLAP, .change = section_overlap },
	{ SK_REJECT_SECTION_GAP, .change = section_gap },
	{ SK_REJECT_SECTION_BOUNDS, .change = section_bounds },
	{ SK_REJECT_SECTION_SIZE, .change = section_size },
	{ SK_REJECT_STRING_RANGE, .change = string_range },
	{ SK_REJECT_STRING_END, .change = string_end },
	{ SK_REJECT_RESERVED, .change = reserved },
	{ SK_REJECT_STEPS, .write = write_many_fields, .change = steps },
	{ SK_REJECT_VALUE_DEF, .change = value_def },
	{ SK_REJECT_VALUE_ORDER, .change = value_order },
	{ SK_REJECT_VALUE_KIND, .change = value_kind },
	{ SK_REJECT_FIELD_UNKNOWN, .change = field_unknown },
	{ SK_REJECT_FIELD_NOT_READY, .change = field_not_ready },
	{ SK_REJECT_FIELD_ARGUMENT, .change = field_argument },
	{ SK_REJECT_XFORM_UNKNOWN, .change = xform_unknown },
	{ SK_REJECT_XFORM_ARGS, .change = xform_args },
	{ SK_REJECT_XFORM_DEPTH, .write = write_deep_xform },
	{ SK_REJECT_CONST_TEXT, .change = const_text },
	{ SK_REJECT_CONST_LIST, .change = const_list },
	{ SK_REJECT_ARGS, .change = args },
	{ SK_REJECT_SET_KIND, .change = set_kind },
	{ SK_REJECT_SET_SLOTS, .change = set_slots },
	{ SK_REJECT_SET_FULL, .change = set_full },
	{ SK_REJECT_SET_MEMBER, .change = set_member },
	{ SK_REJECT_SET_HASH, .change = set_hash },
	{ SK_REJECT_SET_PROBE, .text = "set s0 str\n\t\"a\"\n", .change = set_probe },
	{ SK_REJECT_SET_ORDINAL, .change = set_ordinal },
	{ SK_REJECT_TRIE_KIND, .change = trie_kind },
	{ SK_REJECT_TRIE_NODES, .change = trie_nodes },
	{ SK_REJECT_TRIE_SHAPE, .change = trie_shape },
	{ SK_REJECT_TRIE_EDGE, .change = trie_edge },
	{ SK_REJECT_TRIE_ORDER, .change = trie_order },
	{ SK_REJECT_TRIE_DEPTH, .write = write_deep_trie, .change = trie_depth },
	{ SK_REJECT_TRIE_ORDINAL, .change = trie_ordinal },
	{ SK_REJECT_PATTERN_LENGTH, .write = write_long_pattern },
	{ SK_REJECT_LIST_RANGE, .change = list_range },
	{ SK_REJECT_MULTI_TEST, .change = multi_test },
	{ SK_REJECT_MULTI_OPERAND, .change = multi_operand },
	{ SK_REJECT_SELECT_TABLE, .change = select_table },
	{ SK_REJECT_SELECT_LISTS, .change = select_lists },
	{ SK_REJECT_PROGRAM_CODE, .change = program_code },
	{ SK_REJECT_PROGRAM_BLOCKS, .change = program_blocks },
	{ SK_REJECT_PROGRAM_MEMOS, .change = program_memos },
	{ SK_REJECT_OPCODE, .change = opcode },
	{ SK_REJECT_MODIFIER, .text = PROGRAM("EQ_STR.any proc.name, \"a\" ? e : e\ne: END\n") },
	{ SK_REJECT_OPERAND_RANGE, .text = PROGRAM("MATCH r9\n") },
	{ SK_REJECT_OPERAND_UNUSED, .change = operand_unused },
	{ SK_REJECT_OPERAND_KIND, .text = PROGRAM("LT_INT proc.name, 5 ? e : e\ne: END\n") },
	{ SK_REJECT_TARGET, .text = PROGRAM("e: EXISTS proc.name ? e : n\nn: END\n") },
	{ SK_REJECT_BLOCK_LEFT, .text = PROGRAM("NEXT\nblock 0\nJMP -> n\nblock 1\nn: NEXT\n") },
	{ SK_REJECT_CANDIDATES, .text = PROGRAM("ALWAYS (1 0)\nNEXT\nblock 0\nNEXT\nblock 1\nNEXT\n") },
	{ SK_REJECT_SELECT_PLACE, .text = PROGRAM("NEXT\nblock 0\nALWAYS (0)\nNEXT\n") },
	{ SK_REJECT_SELECT_COUNT, .write = write_many_selects },
	{ SK_REJECT_MATCH_PLACE, .text = PROGRAM("MATCH r0\nblock 0\nNEXT\n") },
	{ SK_REJECT_MATCH_RULE, .text = PROGRAM("NEXT\nblock 0\nMATCH r1\nblock 1\nMATCH r0\n") },
	{ SK_REJECT_DISPATCH_SIZE, .change = dispatch_size },
	{ SK_REJECT_DISPATCH_PROGRAM, .change = dispatch_program },
	{ SK_REJECT_DISPATCH_SOURCE, .text = PROGRAM("on k8s_audit 3\nMATCH r0\n") },
	{ SK_REJECT_RULE_ENUM, .change = rule_enum },
	{ SK_REJECT_RULE_REF, .change = rule_ref },
	{ SK_REJECT_RULE_TAGS, .text = "rule r0 \"a\"\n\ttags \"b\" \"a\"\n" },
	{ SK_REJECT_OUTPUT_PIECES, .change = output_pieces },
	{ SK_REJECT_PIECE_VALUE, .change = piece_value },
	{ SK_REJECT_PIECE_TYPE, .text = "output o0 \"\"\n\tfield proc.name key \"proc.name\" type INT64\n" },
	{ SK_REJECT_PIECE_WIDTH, .text = "output o0 \"\"\n\ttext \"a\" width 1048577\n" },
	{ SK_REJECT_INTEREST, .change = interest },
	{ SK_REJECT_SRCMAP_SIZE, .change = srcmap_size },
	{ SK_REJECT_SRCMAP_REF, .change = srcmap_ref },
};

static const struct bad_case *
find_case(enum sk_reject_code code)
{
	for (size_t i = 0; i < SK_COUNTOF(cases); i++)
		if (cases[i].code == code)
			return &cases[i];
	return NULL;
}

bool
bad_bundle(enum sk_reject_code code, struct sk_buf *ret)
{
	const struct bad_case *c = find_case(code);
	struct sk_buf text = { 0 };
	struct sk_reject err;

	if (!c)
		return false;
	if (c->write)
		c->write(&text);
	else
		sk_buf_str(&text, c->text ? c->text : bad_everything);
	bool ok = sk_bundle_assemble(sk_buf_view(&text), ret, &err);
	if (!ok)
		fprintf(stderr, "%s: %s\n", sk_reject_name(code), err.text);
	sk_buf_free(&text);
	if (ok && c->change) {
		c->change(ret);
		image_seal(ret);
	}
	if (ok && c->damage)
		c->damage(ret);
	return ok;
}

void
bad_name(enum sk_reject_code code, char *ret, size_t n)
{
	const char *name = sk_reject_name(code);
	size_t i = 0;

	for (; name[i] && i + 1 < n; i++)
		ret[i] = (char)tolower((unsigned char)name[i]);
	ret[i] = '\0';
}
