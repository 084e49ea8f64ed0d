/* Configuration: YAML files, -o overrides, defaults. */
#ifndef SK_CONFIG_H
#define SK_CONFIG_H

#include "base/vec.h"

#include <jansson.h>
#include <saker/schema.h>
#include <saker/vm.h>

enum sk_engine_kind { SK_KIND_REPLAY, SK_KIND_NODRIVER, SK_KIND_LIVE };

/* Texts, each owned by the vector. */
struct sk_strings {
	char **v;
	size_t n, cap;
};
/* Free the texts; the vector is empty afterwards. */
void sk_strings_free(struct sk_strings *s);

/* One entry of rules[]: turn on or off what matches. */
struct sk_selection {
	bool enable;
	char *rule, *tag; /* NULL when not given */
};

struct sk_extra_field {
	char *key;    /* member of output_fields; for a bare field its name */
	char *format; /* output template; NULL: the typed value of the field named by key */
};

struct sk_append_output {
	char *rule, *source; /* NULL: any */
	struct sk_strings tags; /* a rule must have all of them */
	char *extra_output;  /* NULL: none */
	SK_VEC(struct sk_extra_field) extra_fields;
	bool suggested_output;
};

struct sk_config {
	struct sk_strings rules_files;
	SK_VEC(struct sk_selection) selection;
	SK_VEC(struct sk_append_output) append_output;
	enum sk_engine_kind kind;
	char *capture_file, *file_name;
	uint32_t ring_preset; /* live: the ring of a CPU is 512 KiB << preset */
	bool docker_enabled, podman_enabled, containerd_enabled, crio_enabled, lxc_enabled, libvirt_lxc_enabled, bpm_enabled, oci_enabled;
	enum sk_priority priority, log_level;
	enum sk_match_mode matching;
	bool json_output, json_output_property, json_message_property, json_output_fields_property, json_tags_property;
	bool time_iso8601, buffer_base64, buffered_outputs;
	bool stdout_enabled, file_enabled, file_keep_alive, syslog_enabled;
	bool log_stderr, log_syslog;
};

struct sk_config_error {
	char text[512]; /* file, line, key and reason: one line */
};

/* Receives what is worth saying and no error: unknown keys, keys without effect. */
typedef void (*sk_config_note_fn)(void *arg, const char *text);

/* --- the tree -------------------------------------------------------------------------------------------------------------- */
/* Parse the YAML file at PATH into a tree of objects, arrays and strings (all scalars stay text; null is JSON null), ${NAME} replaced from the environment. 0 or a
 * negative errno with *RETERR. The caller owns the tree (json_decref). */
int sk_config_tree_read(const char *path, json_t **ret, struct sk_config_error *reterr);
/* Apply KEY=VALUE: dots nest, [n] indexes, [] appends, a backslash takes the next of .[]\ literally; a value {...} or [...] is parsed as YAML flow text. */
int sk_config_tree_set(json_t *root, const char *assignment, struct sk_config_error *reterr);

/* --- the values ------------------------------------------------------------------------------------------------------------ */
/* Defaults, then what ROOT says. Wrong types and bad values are errors. NOTE may be NULL. Free with sk_config_free(). */
int sk_config_load(struct sk_config *c, const json_t *root, sk_config_note_fn note, void *arg, struct sk_config_error *reterr);
void sk_config_free(struct sk_config *c);

#endif
