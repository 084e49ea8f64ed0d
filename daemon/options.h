/* The command line of saker. */
#ifndef SK_OPTIONS_H
#define SK_OPTIONS_H

#include "daemon/config.h"

enum sk_action {
	SK_ACTION_RUN,
	SK_ACTION_HELP,
	SK_ACTION_VERSION,
	SK_ACTION_LIST_FIELDS,
	SK_ACTION_LIST_EVENTS,
	SK_ACTION_LIST_RULES,   /* -L, -l */
	SK_ACTION_VALIDATE,     /* -V */
	SK_ACTION_CONFIG_SCHEMA,
	SK_ACTION_RULE_SCHEMA,
	SK_ACTION_PAGE_SIZE,
	SK_ACTION_WHY           /* saker why RULE */
};

struct sk_options {
	enum sk_action action;
	const char *config_file;    /* -c; NULL: /etc/saker/saker.yaml when it is there */
	struct sk_strings rules;    /* -r; views of argv */
	struct sk_strings validate; /* -V */
	struct sk_strings assignments; /* -o, and what -e and -p stand for */
	struct sk_strings list_args;   /* what --list and its companions hand to the lister */
	const char *one_rule;       /* -l */
	const char *pidfile;        /* -P */
	const char *extra_output;   /* -p */
	const char *record_file;    /* -w; NULL: none */
	const char *record_condition; /* --write-filter */
	bool record_gzip;           /* --gzip */
	const char *why_rule;       /* the rule that `saker why` is asked about */
	uint64_t why_event;         /* --event; 0: all */
	uint32_t why_limit;         /* --limit */
	bool json_format;           /* --format json */
	double max_seconds;         /* -M: event time; 0 = no end */
	bool dry_run, verbose, unbuffered;
};

/* Parse; 0, or -EINVAL after a message on standard error. */
int sk_options_parse(int argc, char **argv, struct sk_options *ret);
void sk_options_free(struct sk_options *o);
void sk_options_usage(FILE *out);

#endif
