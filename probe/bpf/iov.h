/* Extract layer: data spread over several buffers. */
#ifndef SK_IOV_H
#define SK_IOV_H

#include "call.h"

#define IOVS_MAX 32

static __always_inline __u64
snap(__u64 n)
{
	return n < sk_snaplen ? n : sk_snaplen;
}

struct iov {
	__u64 base, len;
};

static __always_inline bool
read_iov(struct sk_scratch *s, __u64 p, __u32 i, struct iov *ret)
{
	__u32 raw[2];

	if (!s->compat)
		return bpf_probe_read_user(ret, sizeof(*ret), (void *)(p + i * sizeof(*ret))) == 0;
	if (bpf_probe_read_user(raw, sizeof(raw), (void *)(p + i * sizeof(raw))) < 0)
		return false;
	ret->base = raw[0];
	ret->len = raw[1];
	return true;
}

/* Sum of the lengths. A function of its own. */
__attribute__((noinline)) __u32
iov_size(struct sk_scratch *s, __u64 p, __u32 n)
{
	__u64 sum = 0;

	if (!s)
		return 0;
	for (__u32 i = 0; i < IOVS_MAX && i < n; i++) {
		struct iov v;

		if (!read_iov(s, p, i, &v))
			break;
		sum += v.len;
	}
	return (__u32)sum;
}

/* At most the snap length of the first N bytes of the buffers, as a parameter. A function of its own. */
__attribute__((noinline)) int
put_iov(struct sk_scratch *s, __u64 p, __u32 n, __u64 bytes)
{
	if (!s)
		return 0;
	__u32 start = s->pos, len;

	s->aux = snap(bytes);
	for (__u32 i = 0; i < IOVS_MAX && i < n; i++) {
		struct iov v;
		__u64 left = *(volatile __u64 *)&s->aux;

		if (!left || !read_iov(s, p, i, &v))
			break;
		len = add_user(s, v.base, v.len < left ? v.len : left);
		s->pos += len;
		s->aux = left > len ? left - len : 0;
	}
	len = s->pos - start;
	s->pos = start;
	put_len(s, len);
	return 0;
}

#endif
