/* Store layer: parameters into the event under way, and the finished event into the ring. */
#ifndef SK_STORE_H
#define SK_STORE_H

#include "maps.h"

#define HEAD ((__u32)sizeof(struct sk_live_head))
/* Bytes a capture counts before the lengths. */
#define SCAP_HEAD 26u

static __always_inline struct sk_scratch *
scratch(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&sk_scratches, &cpu);
}

static __always_inline __u32
masked(__u32 pos)
{
	barrier_var(pos);
	pos &= MASK;
	return pos;
}

static __always_inline void
begin(struct sk_scratch *s, __u16 type, __u16 nparams)
{
	s->type = type;
	s->nparams = nparams;
	s->n = 0;
	s->nfds = 0;
	s->pos = HEAD + 2u * nparams;
}

/* The last LEN bytes written at the position are a parameter. */
static __always_inline void
put_len(struct sk_scratch *s, __u32 len)
{
	__u32 i = s->n & 31;

	*(__u16 *)&s->data[HEAD + 2 * i] = (__u16)len;
	s->n = i + 1;
	s->pos += len;
}

#define PUT_NUMBER(name, type)                            \
	static __always_inline void                       \
	put_##name(struct sk_scratch *s, type v)          \
	{                                                 \
		*(type *)&s->data[masked(s->pos)] = v;    \
		put_len(s, sizeof(type));                 \
	}
PUT_NUMBER(u8, __u8)
PUT_NUMBER(u16, __u16)
PUT_NUMBER(u32, __u32)
PUT_NUMBER(u64, __u64)
PUT_NUMBER(s32, __s32)
PUT_NUMBER(s64, __s64)

static __always_inline void
put_empty(struct sk_scratch *s)
{
	put_len(s, 0);
}

/* Text of the program, up to MAX bytes with its NUL; absent where it cannot be read. */
static __always_inline void
put_user_str_max(struct sk_scratch *s, __u64 p, const __u32 max)
{
	long n = p ? bpf_probe_read_user_str(&s->data[masked(s->pos)], max, (void *)p) : 0;

	put_len(s, n > 0 ? (__u32)n : 0);
}

#define TEXT_MAX 4096
static __always_inline void
put_user_str(struct sk_scratch *s, __u64 p)
{
	put_user_str_max(s, p, TEXT_MAX);
}

static __always_inline void
put_kernel_str(struct sk_scratch *s, __u64 p)
{
	long n = p ? bpf_probe_read_kernel_str(&s->data[masked(s->pos)], TEXT_MAX, (void *)p) : 0;

	put_len(s, n > 0 ? (__u32)n : 0);
}

/* LEN bytes of the program's memory into the event, without ending a parameter. Returns how many. */
static __always_inline __u32
add_user(struct sk_scratch *s, __u64 p, __u64 len)
{
	if (len > MASK)
		len = MASK;
	if (!p || !len || bpf_probe_read_user(&s->data[masked(s->pos)], len & MASK, (void *)p) < 0)
		return 0;
	return (__u32)len & MASK;
}

static __always_inline void
put_user(struct sk_scratch *s, __u64 p, __u64 len)
{
	put_len(s, add_user(s, p, len));
}

static __always_inline void
count_loss(struct sk_counts *c, __u32 type, __u32 why)
{
	__u64 *by_type = bpf_map_lookup_elem(&sk_lost_types, &type);

	if (why < SK_LIVE_LOSSES)
		c->lost[why]++;
	if (by_type)
		++*by_type;
}

/* An event that found no program to finish it. */
static __always_inline void
lose(struct sk_scratch *s, __u32 why)
{
	__u32 zero = 0;
	struct sk_counts *c = bpf_map_lookup_elem(&sk_counters, &zero);

	if (!c)
		return;
	c->seq++;
	count_loss(c, s->type, why);
}

/* All parameters are there: facts come next. */
static __always_inline void
end_params(struct sk_scratch *s)
{
	s->end = s->pos;
	s->facts = (s->pos + 7) & ~7u;
	s->pos = s->facts;
}

/* Complete the head of a record. Returns the ring that takes it; NULL: it is too large. */
static __always_inline void *
ring_for(struct sk_scratch *s, __u64 seq, __u16 kind)
{
	__u32 cpu = bpf_get_smp_processor_id(), size = (s->pos + 7) & ~7u;
	struct sk_live_head *h = (struct sk_live_head *)s->data;

	h->seq = seq;
	h->ts = sk_epoch + bpf_ktime_get_boot_ns();
	h->tid = s->tid;
	h->len = s->end - HEAD + SCAP_HEAD;
	h->facts = s->facts;
	h->type = s->type;
	h->nparams = s->nparams;
	h->cpu = (__u16)cpu;
	h->kind = kind;
	return size < SK_LIVE_MAX ? bpf_map_lookup_elem(&sk_rings, &cpu) : NULL;
}

static __always_inline bool
send(struct sk_scratch *s, void *ring)
{
	__u32 size = (s->pos + 7) & ~7u;

	barrier_var(size);
	return bpf_ringbuf_output(ring, s->data, size & MASK, BPF_RB_NO_WAKEUP) >= 0;
}

/* Number the event and send it. False: it is lost, and counted. */
static __always_inline bool
emit(struct sk_scratch *s)
{
	__u32 zero = 0;
	struct sk_counts *c = bpf_map_lookup_elem(&sk_counters, &zero);
	void *ring;

	if (!c)
		return false;
	ring = ring_for(s, c->seq++, SK_LIVE_EVENT);
	if (ring && send(s, ring))
		return true;
	count_loss(c, s->type, ring ? SK_LOSS_RING : SK_LOSS_SIZE);
	return false;
}

/* Send what tells of the thread. It is no event: where it is lost, it is sent with the next one. */
static __always_inline bool
emit_thread(struct sk_scratch *s)
{
	__u32 zero = 0;
	struct sk_counts *c = bpf_map_lookup_elem(&sk_counters, &zero);
	void *ring = c ? ring_for(s, c->seq, SK_LIVE_THREAD) : NULL;

	return ring && send(s, ring);
}

#endif
