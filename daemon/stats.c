#include "daemon/stats.h"

#include <stdlib.h>

bool
sk_stats_init(struct sk_stats *s, const struct sk_bundle_view *b)
{
	*s = (struct sk_stats){ .bundle = b, .by_rule = calloc(b->nrules + 1u, sizeof(*s->by_rule)) };
	return s->by_rule != NULL;
}

void
sk_stats_count(struct sk_stats *s, uint32_t rule)
{
	s->by_rule[rule]++;
	s->total++;
}

void
sk_stats_print(const struct sk_stats *s, FILE *out)
{
	static const char *const names[SK_PRIO_COUNT] = { "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG" };
	uint64_t by_priority[SK_PRIO_COUNT] = { 0 };

	for (uint32_t i = 0; i < s->bundle->nrules; i++)
		by_priority[s->bundle->rules[i].priority] += s->by_rule[i];
	fprintf(out, "Events detected: %llu\nRule counts by severity:\n", (unsigned long long)s->total);
	for (size_t i = 0; i < SK_PRIO_COUNT; i++)
		if (by_priority[i])
			fprintf(out, "   %s: %llu\n", names[i], (unsigned long long)by_priority[i]);
	fprintf(out, "Triggered rules by rule name:\n");
	for (uint32_t i = 0; i < s->bundle->nrules; i++) {
		struct sk_slice name = sk_bundle_str(s->bundle, s->bundle->rules[i].name);

		if (s->by_rule[i])
			fprintf(out, "   %.*s: %llu\n", SK_SLICE_ARG(name), (unsigned long long)s->by_rule[i]);
	}
}

void
sk_stats_free(struct sk_stats *s)
{
	free(s->by_rule);
	*s = (struct sk_stats){ 0 };
}
