#include "daemon/output/output.h"

#include "daemon/log.h"

#include <errno.h>

#define SK_OUTPUT(sym, name, enabled, help) extern const struct sk_output_ops sk_output_##sym;
#include <saker/outputs.def>
#undef SK_OUTPUT

struct channel {
	const char *name;
	const struct sk_output_ops *ops;
	void *self;
	bool open, failing;
	uint64_t lost;
};

struct sk_outputs {
	struct channel channels[
#define SK_OUTPUT(sym, name, enabled, help) +1
#include <saker/outputs.def>
#undef SK_OUTPUT
	];
};

static int
open_channel(struct channel *ch, const struct sk_config *c, char *err, size_t n)
{
	char why[256] = "";
	int r = ch->ops->open(c, &ch->self, why, sizeof(why));

	ch->open = r == 0;
	if (r < 0)
		(void)snprintf(err, n, "%s output: %s", ch->name, *why ? why : strerror(-r));
	return r;
}

int
sk_outputs_open(const struct sk_config *c, struct sk_outputs **ret, char *err, size_t n)
{
	struct sk_outputs *o = calloc(1, sizeof(*o));
	size_t i = 0;
	int r = 0;

	if (!o)
		return -ENOMEM;
#define SK_OUTPUT(sym, oname, enabled, help)                                                                                 \
	o->channels[i].name = (oname);                                                                                       \
	o->channels[i].ops = &sk_output_##sym;                                                                               \
	if (r == 0 && c->enabled)                                                                                            \
		r = open_channel(&o->channels[i], c, err, n);                                                                \
	i++;
#include <saker/outputs.def>
#undef SK_OUTPUT
	if (r < 0) {
		sk_outputs_close(o);
		return r;
	}
	*ret = o;
	return 0;
}

/* A channel that fails says so once, until it works again. */
static void
note_result(struct channel *ch, int r)
{
	if (r < 0 && !ch->failing)
		sk_log(SK_PRIO_ERROR, "%s output: %s; alerts to it are lost until it recovers", ch->name, strerror(-r));
	ch->failing = r < 0;
}

void
sk_outputs_write(struct sk_outputs *o, enum sk_priority priority, const char *line, size_t n)
{
	for (size_t i = 0; i < SK_COUNTOF(o->channels); i++) {
		struct channel *ch = &o->channels[i];

		if (ch->open)
			note_result(ch, ch->ops->write(ch->self, priority, line, n, &ch->lost));
	}
}

static void
flush_channel(struct channel *ch)
{
	int r = ch->open && ch->ops->flush ? ch->ops->flush(ch->self, &ch->lost) : 0;

	if (r < 0)
		note_result(ch, r);
}

void
sk_outputs_flush(struct sk_outputs *o)
{
	for (size_t i = 0; i < SK_COUNTOF(o->channels); i++)
		flush_channel(&o->channels[i]);
}

void
sk_outputs_reopen(struct sk_outputs *o)
{
	for (size_t i = 0; i < SK_COUNTOF(o->channels); i++) {
		struct channel *ch = &o->channels[i];
		int r;

		flush_channel(ch);
		r = ch->open && ch->ops->reopen ? ch->ops->reopen(ch->self) : 0;
		if (r < 0)
			sk_log(SK_PRIO_ERROR, "%s output: cannot be opened again: %s", ch->name, strerror(-r));
	}
}

uint64_t
sk_outputs_lost(const struct sk_outputs *o)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < SK_COUNTOF(o->channels); i++)
		lost += o->channels[i].lost;
	return lost;
}

void
sk_outputs_close(struct sk_outputs *o)
{
	if (!o)
		return;
	sk_outputs_flush(o);
	for (size_t i = 0; i < SK_COUNTOF(o->channels); i++)
		if (o->channels[i].open)
			o->channels[i].ops->close(o->channels[i].self);
	free(o);
}
