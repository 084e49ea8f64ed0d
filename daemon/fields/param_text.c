#include "daemon/fields/param_text.h"

#include "base/bytes.h"
#include "base/schema.h"
#include "daemon/fields/fd_kind.h"
#include "daemon/fields/paths.h"

#include <time.h>

#define AT_FDCWD_NUM (-100)
#define NO_ID 0xffffffffu

struct sk_param
sk_param(const struct sk_event *ev, uint32_t i)
{
	const struct sk_param_desc *d = &ev->desc->params[i];
	struct sk_param p = { .ev = ev, .desc = d, .n = sk_ev_len(ev, i), .type = (enum sk_ptype)d->type, .fmt = (enum sk_pfmt)d->fmt };

	if (p.n)
		p.p = sk_ev_ptr(ev, i);
	if (p.type == SK_PT_DYN && p.n && d->info == SK_PI_DYN) {
		(void)sk_dyn_type((enum sk_dyn_table)d->info_arg, p.p[0], &p.type, &p.fmt);
		p.p++;
		p.n--;
	}
	return p;
}

uint64_t
sk_param_uint(const struct sk_param *p)
{
	uint64_t v = 0;

	if (p->n)
		memcpy(&v, p->p, p->n < 8 ? p->n : 8);
	return v;
}

int64_t
sk_param_int(const struct sk_param *p)
{
	uint32_t unused = p->n < 8 ? 64 - 8 * p->n : 0;

	return p->n ? (int64_t)(sk_param_uint(p) << unused) >> unused : 0;
}

/* --- own text -------------------------------------------------------------------------------------------------------------- */
static void
number(struct sk_out *o, const struct sk_param *p)
{
	uint64_t v = sk_param_uint(p);

	switch (p->fmt) {
	case SK_PF_HEX:
		sk_out_printf(o, "%llX", (unsigned long long)v);
		break;
	case SK_PF_OCT:
		sk_out_printf(o, "%#llo", (unsigned long long)v);
		break;
	case SK_PF_PADDED:
		sk_out_printf(o, "%09llu", (unsigned long long)v);
		break;
	case SK_PF_NA:
	case SK_PF_DEC:
	case SK_PF_ID:
	default:
		/* Offsets are kept as unsigned numbers, yet may be negative. */
		if (sk_type_signed(p->type) || p->type == SK_PT_UINT64)
			sk_out_i64(o, sk_param_int(p));
		else
			sk_out_u64(o, v);
	}
}

static void
fd_list(struct sk_out *o, const struct sk_param *p)
{
	struct sk_reader r = sk_reader(p->p, p->n);
	uint32_t n = sk_read_u16(&r);

	for (uint32_t i = 0; i < n; i++) {
		int64_t num = sk_read_i64(&r);
		uint32_t flags = sk_read_u16(&r);
		const struct sk_thread *t = o->f->ec.thread;
		const struct sk_fd *fd = t && !r.bad ? sk_fdtable_find(sk_thread_fds(t), num) : NULL;

		if (r.bad)
			break;
		if (i)
			sk_out_char(o, ' ');
		sk_out_u64(o, (uint64_t)num);
		sk_out_char(o, ':');
		sk_out_char(o, fd ? sk_fd_kind(fd->type)->letter : '?');
		sk_out_printf(o, "%x", flags);
	}
}

static void
signal_set(struct sk_out *o, const struct sk_param *p)
{
	uint64_t set = sk_param_uint(p);
	bool first = true;

	for (uint32_t bit = 0; bit < 32; bit++) {
		const char *name = set >> bit & 1 ? sk_signal_name(bit + 1) : NULL;

		if (!name)
			continue;
		if (!first)
			sk_out_char(o, ' ');
		sk_out_str(o, name);
		first = false;
	}
}

static void
absolute_time(struct sk_out *o, const struct sk_param *p)
{
	uint64_t ts = sk_param_uint(p);
	time_t s = (time_t)(ts / 1000000000u);
	struct tm tm;
	char text[64];

	if (!(o->f->local_time ? localtime_r(&s, &tm) : gmtime_r(&s, &tm)))
		return;
	(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	sk_out_printf(o, "%s.%09u", text, (unsigned)(ts % 1000000000u));
}

static void
address(struct sk_out *o, const struct sk_param *p)
{
	if (p->n >= 4)
		sk_out_address(o, p->p, p->n >= 16 ? 6 : 4);
}

static void
double_number(struct sk_out *o, const struct sk_param *p)
{
	double d = 0;

	if (p->n >= sizeof(d))
		memcpy(&d, p->p, sizeof(d));
	sk_out_printf(o, "%g", d);
}

static void
text(struct sk_out *o, const struct sk_param *p)
{
	const char *s = (const char *)p->p;

	/* "(NULL)" is what early drivers wrote for a null pointer. */
	if (p->n == sizeof("(NULL)") && memcmp(s, "(NULL)", p->n) == 0)
		sk_out_str(o, "<NA>");
	else
		sk_out_put(o, s, strnlen(s, p->n));
}

static void
bytes(struct sk_out *o, const struct sk_param *p)
{
	sk_out_dots(o, p->p, p->n);
}

static void
decimal(struct sk_out *o, const struct sk_param *p)
{
	sk_out_u64(o, sk_param_uint(p));
}

static void
result(struct sk_out *o, const struct sk_param *p)
{
	sk_out_i64(o, sk_param_int(p));
}

static void
span_of_time(struct sk_out *o, const struct sk_param *p)
{
	if (sk_param_uint(p) == UINT64_MAX)
		sk_out_str(o, "none");
	else
		decimal(o, p);
}

static void
user_or_group(struct sk_out *o, const struct sk_param *p)
{
	if (sk_param_uint(p) == NO_ID)
		sk_out_str(o, "-1");
	else
		decimal(o, p);
}

static void
boolean(struct sk_out *o, const struct sk_param *p)
{
	sk_out_str(o, sk_param_uint(p) ? "true" : "false");
}

static void
invalid_dynamic(struct sk_out *o, const struct sk_param *p)
{
	(void)p;
	sk_out_str(o, "INVALID DYNAMIC PARAMETER");
}

typedef void (*text_fn)(struct sk_out *o, const struct sk_param *p);

/* Types that do not print as a number in their format. */
static const text_fn plain[SK_PT_LIMIT] = {
	[SK_PT_CHARBUF] = text,
	[SK_PT_FSPATH] = text,
	[SK_PT_FSRELPATH] = text,
	[SK_PT_BYTEBUF] = bytes,
	[SK_PT_SOCKADDR] = sk_param_sockaddr,
	[SK_PT_SOCKTUPLE] = sk_param_socktuple,
	[SK_PT_FDLIST] = fd_list,
	[SK_PT_SIGSET] = signal_set,
	[SK_PT_ABSTIME] = absolute_time,
	[SK_PT_RELTIME] = span_of_time,
	[SK_PT_BOOL] = boolean,
	[SK_PT_IPV4ADDR] = address,
	[SK_PT_IPV6ADDR] = address,
	[SK_PT_IPADDR] = address,
	[SK_PT_DOUBLE] = double_number,
	[SK_PT_UID] = user_or_group,
	[SK_PT_GID] = user_or_group,
	[SK_PT_ERRNO] = result,
	[SK_PT_FLAGS8] = decimal,
	[SK_PT_FLAGS16] = decimal,
	[SK_PT_FLAGS32] = decimal,
	[SK_PT_ENUMFLAGS8] = decimal,
	[SK_PT_ENUMFLAGS16] = decimal,
	[SK_PT_ENUMFLAGS32] = decimal,
	[SK_PT_DYN] = invalid_dynamic,
};

static void
absent(struct sk_out *o, enum sk_ptype type)
{
	bool null = type == SK_PT_BYTEBUF || type == SK_PT_SOCKTUPLE || type == SK_PT_FDLIST || type == SK_PT_CHARBUFARRAY ||
		    type == SK_PT_CHARBUF_PAIR_ARRAY || type == SK_PT_DYN;

	sk_out_str(o, null ? "NULL" : "<NA>");
}

void
sk_param_plain(struct sk_out *o, uint32_t i)
{
	struct sk_param p = sk_param(o->f->ec.ev, i);

	if (!p.p)
		absent(o, p.type);
	else if (plain[p.type])
		plain[p.type](o, &p);
	else
		number(o, &p);
}

/* --- resolved text --------------------------------------------------------------------------------------------------------- */
static void
error(struct sk_out *o, const struct sk_param *p)
{
	int64_t v = sk_param_int(p);
	const char *name = v < 0 && v != INT64_MIN ? sk_errno_name(-v) : NULL;

	if (name)
		sk_out_str(o, name);
}

void
sk_param_fd(struct sk_out *o, int64_t num)
{
	static const char l4[] = { [SK_L4_TCP] = 't', [SK_L4_UDP] = 'u', [SK_L4_ICMP] = 'i', [SK_L4_RAW] = 'r' };
	const struct sk_thread *t = o->f->ec.thread;
	const struct sk_fd *fd = t ? sk_fdtable_find(sk_thread_fds(t), num) : NULL;

	if (!fd)
		return;
	sk_out_char(o, '<');
	sk_out_char(o, sk_fd_kind(fd->type)->letter);
	/* A socket's protocol is told once it is known which end it is, as by fd.l4proto. */
	if (sk_fd_is_ip(fd) && (fd->role != SK_ROLE_NONE || fd->l4 == SK_L4_RAW) && fd->l4 < sizeof(l4) && l4[fd->l4])
		sk_out_char(o, l4[fd->l4]);
	sk_out_char(o, '>');
	sk_out_slice(o, sk_str_slice(fd->name));
}

static void
descriptor(struct sk_out *o, const struct sk_param *p)
{
	int64_t num = sk_param_int(p);

	if (num >= 0)
		sk_param_fd(o, num);
	else if (num == AT_FDCWD_NUM)
		sk_out_str(o, "AT_FDCWD");
	else
		error(o, p);
}

static void
process(struct sk_out *o, const struct sk_param *p)
{
	const struct sk_thread *t = sk_state_thread(o->f->ec.state, sk_param_int(p));

	if (t)
		sk_out_slice(o, sk_str_slice(t->comm));
}

static struct sk_slice
container_id(const struct sk_fields *f)
{
	return f->ec.thread ? sk_str_slice(f->ec.thread->container_id) : SK_SLICE("");
}

static void
user(struct sk_out *o, const struct sk_param *p)
{
	uint32_t id = (uint32_t)sk_param_uint(p);
	const struct sk_user *u = id == NO_ID ? NULL : sk_state_user(o->f->ec.state, container_id(o->f), id);

	sk_out_slice(o, id == NO_ID ? SK_SLICE("<NONE>") : u ? sk_str_slice(u->name) : SK_SLICE("<NA>"));
}

static void
group(struct sk_out *o, const struct sk_param *p)
{
	uint32_t id = (uint32_t)sk_param_uint(p);
	const struct sk_group_entry *g = id == NO_ID ? NULL : sk_state_group(o->f->ec.state, container_id(o->f), id);

	sk_out_slice(o, id == NO_ID ? SK_SLICE("<NONE>") : g ? sk_str_slice(g->name) : SK_SLICE("<NA>"));
}

static void
signal_name(struct sk_out *o, const struct sk_param *p)
{
	const char *name = sk_signal_name((uint32_t)sk_param_uint(p));

	if (name)
		sk_out_str(o, name);
}

static void
syscall_name(struct sk_out *o, const struct sk_param *p)
{
	const char *name = sk_syscall_name((uint32_t)sk_param_uint(p));

	if (name)
		sk_out_str(o, name);
}

static void
seconds(struct sk_out *o, const struct sk_param *p)
{
	if (sk_param_uint(p) != UINT64_MAX)
		sk_out_printf(o, "%gs", (double)sk_param_uint(p) / 1e9);
}

/* The path made absolute, where the program did not pass it so. */
static void
path(struct sk_out *o, const struct sk_param *p)
{
	bool at = p->type == SK_PT_FSRELPATH && p->desc->info == SK_PI_DIRFD;
	struct sk_slice as_given = sk_slice((const char *)p->p, strnlen((const char *)p->p, p->n));
	char whole[SK_MAX_PATH + 1];

	if (!o->f->ec.thread || !as_given.n || as_given.p[0] == '/' || sk_slice_is(as_given, "(NULL)"))
		return;
	struct sk_slice dir = sk_event_dir(o->f, at ? sk_ev_int(p->ev, p->desc->info_arg, AT_FDCWD_NUM) : AT_FDCWD_NUM);
	sk_out_put(o, whole, sk_path_concat(whole, dir, as_given));
}

static const text_fn resolved[SK_PT_LIMIT] = {
	[SK_PT_ERRNO] = error,
	[SK_PT_FD] = descriptor,
	[SK_PT_FD32] = descriptor,
	[SK_PT_PID] = process,
	[SK_PT_PID32] = process,
	[SK_PT_UID] = user,
	[SK_PT_GID] = group,
	[SK_PT_SIGTYPE] = signal_name,
	[SK_PT_SYSCALLID] = syscall_name,
	[SK_PT_RELTIME] = seconds,
	[SK_PT_FSPATH] = path,
	[SK_PT_FSRELPATH] = path,
	[SK_PT_FLAGS8] = sk_param_flags,
	[SK_PT_FLAGS16] = sk_param_flags,
	[SK_PT_FLAGS32] = sk_param_flags,
	[SK_PT_ENUMFLAGS8] = sk_param_flags,
	[SK_PT_ENUMFLAGS16] = sk_param_flags,
	[SK_PT_ENUMFLAGS32] = sk_param_flags,
	[SK_PT_MODE] = sk_param_flags,
};

void
sk_param_resolved(struct sk_out *o, uint32_t i)
{
	struct sk_param p = sk_param(o->f->ec.ev, i);

	if (p.p && resolved[p.type])
		resolved[p.type](o, &p);
}
