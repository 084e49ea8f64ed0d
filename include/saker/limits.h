/* Every bound of the system, each with its reason. A bound that hostile input can reach is reported with a diagnostic of its
 * own; none is a silent cut unless it says so here. */
#ifndef SAKER_LIMITS_H
#define SAKER_LIMITS_H

/* --- rule files -------------------------------------------------------------------------------------------------- */
/* One rule file: generous for generated files (10,000 rules are 5 MB), small enough to hold in memory several times. */
#define SK_MAX_RULE_FILE (64u << 20)
/* Nesting of YAML nodes: rule files need six; libyaml and our tree builder recurse per level. */
#define SK_MAX_YAML_DEPTH 64u
/* Nodes of one YAML file: bounds memory where short lines make many nodes. */
#define SK_MAX_YAML_NODES 4000000u
/* One condition after the YAML scalar is decoded. Spans are 32-bit offsets and the arena holds several copies. */
#define SK_MAX_CONDITION (1u << 20)
/* Nesting of brackets and of `not` in a condition: passes over the tree recurse per level. */
#define SK_MAX_COND_DEPTH 1000u
/* Macros in macros: same reason. */
#define SK_MAX_MACRO_DEPTH 1000u
/* Nodes of one rule after macros are put in: stops macros that double at each level. */
#define SK_MAX_COND_NODES 1000000u
/* Items of a list after its inner lists are put in. */
#define SK_MAX_LIST_ITEMS 2000000u
/* Items that inner lists put into all lists together: lists that double 40 times are small files. */
#define SK_MAX_INNER_ITEMS 4000000u
/* Rules of one bundle: rule numbers are 32-bit, this bounds tables per rule. */
#define SK_MAX_RULES 1000000u
/* Memory of one compilation: with the input files beside it, a process of 1 GiB. */
#define SK_MAX_COMPILE_MEMORY (896ull << 20)
/* Errors, and warnings, kept of one run: a broken generated file must not print a gigabyte. And their memory: 20,000 findings with their notes take half of it. */
#define SK_MAX_DIAGS 10000u
#define SK_MAX_DIAGS_MEMORY (32ull << 20)

/* --- bundles ----------------------------------------------------------------------------------------------------- */
/* Sections carry 64-bit sizes; a bundle that is larger than this is refused before it is mapped. */
#define SK_MAX_BUNDLE (1ull << 30)
#define SK_MAX_SECTIONS 64u
/* Value registers of a bundle: one per distinct (field, argument, transformers); each costs 24 bytes of the machine. */
#define SK_MAX_VALUES 65535u
/* Arguments of one transformer call. */
#define SK_MAX_XFORM_ARGS 255u
/* Nesting of transformers; the machine evaluates them recursively. */
#define SK_MAX_XFORM_DEPTH 16u
/* Instructions of one program: jump targets are 32-bit; this bounds verification time. */
#define SK_MAX_CODE (1u << 24)
/* Edges between the root of a trie and a leaf: a path of SK_MAX_PATH bytes has half as many components. Matchers may recurse per level. */
#define SK_MAX_TRIE_DEPTH 1024u
/* Steps that verification may take per byte of the file where records may share others (lists, strings): no compiler comes near, and without it a
 * small file of many references to one long list would take quadratic time. */
#define SK_VERIFY_STEPS_PER_BYTE 16u
/* Candidate lists that one program may merge (SELECT instructions); the machine keeps them in a fixed array. */
#define SK_MAX_SELECTS 32u
/* Lists of candidates that one table of byte groups may give; such a table counts as so many SELECT instructions. */
#define SK_GRAM_LISTS 8u
/* Texts in tables of suffixes: the machine turns so much of a value round. */
#define SK_MAX_SUFFIX 128u
/* Memo bits of one program, for sub-expressions that several rules share. */
#define SK_MAX_MEMOS 65535u
/* Size of a compiled regular expression's source and what PCRE2 may spend on one match. */
#define SK_MAX_REGEX 4096u
#define SK_REGEX_MATCH_LIMIT 100000u
#define SK_REGEX_DEPTH_LIMIT 1000u

/* --- captures and events ------------------------------------------------------------------------------------------ */
/* One block that is not an event (lists of processes and the like). */
#define SK_MAX_META_BLOCK (256u << 20)
/* One event: large-payload events carry container JSON. Ordinary ones are below 64 KiB by format. */
#define SK_MAX_EVENT (16u << 20)
/* Stored enter events, one a thread (conversion of old captures). */
#define SK_MAX_STORED_ENTERS 65536u
/* And their parameters together: a few numbers or a path each, but a capture may claim 64 KiB for every thread. */
#define SK_MAX_STORED_ENTER_BYTES (64u << 20)

/* --- state --------------------------------------------------------------------------------------------------------- */
/* Threads known at once; upstream's default. Beyond it new threads are refused and counted. */
#define SK_MAX_THREADS 262144u
/* Descriptors of one process. */
#define SK_MAX_FDS_PER_PROC 65536u
/* A path that is put together from a directory and a name; upstream's bound, longer gives the text below. */
#define SK_MAX_PATH 1024u
/* Generations of processes that are linked; deeper ones lose their parent. Real systems reach some tens. */
#define SK_MAX_TREE_DEPTH 1000u
/* Steps of a walk over ancestors; protects against loops in damaged state. */
#define SK_MAX_ANCESTORS 64u
/* Network interfaces of one kind: addresses are compared one by one. */
#define SK_MAX_IFACES 1024u
/* Users and groups of one container's table; containers known at once. */
#define SK_MAX_USERS 65536u
#define SK_MAX_CONTAINERS 65536u
/* Memory of what is known of all containers; a thousand ordinary ones take 16 MiB. */
#define SK_MAX_CONTAINERS_MEMORY (256u << 20)
/* One file of a container runtime; lists of all containers of a busy host are some MiB. What is larger is not read: a lookup holds up the event that asked. */
#define SK_MAX_RUNTIME_FILE (8u << 20)
/* Pages of a runtime's database that one lookup reads; trees are three or four deep, a damaged one must not be walked for ever. */
#define SK_MAX_BOLT_PAGES 128u
/* What a lookup hands on of one container: lists of mounts, labels and variables, each text. What is beyond is left out. */
#define SK_MAX_RUNTIME_ITEMS 256u
#define SK_MAX_RUNTIME_TEXT 4096u
/* Entries of a runtime's directory that are looked through (name spaces of containerd, results of network plugins). */
#define SK_MAX_RUNTIME_DIR 4096u
/* Memory of one event's computed field values (joined arguments and the like); what does not fit is cut and counted. */
#define SK_MAX_EVENT_SCRATCH (1u << 20)

/* --- output -------------------------------------------------------------------------------------------------------- */
/* One alert line. Longer values are cut at a character boundary. */
#define SK_MAX_ALERT (1u << 20)

#endif
