#include "compiler/value.h"

#include "base/schema.h"
#include "base/services.h"

#include <arpa/inet.h>

#define NOT_A_NUMBER "is not a number"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* Magnitude and sign; beyond 64 bits saturates. */
static bool
parse_number(struct sk_slice s, uint64_t *ret, bool *ret_negative)
{
	int base = 10;
	uint64_t v = 0;
	bool full = false;

	*ret_negative = s.n && s.p[0] == '-';
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = sk_slice(s.p + 1, s.n - 1);
	if (s.n > 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X')) {
		base = 16;
		s = sk_slice(s.p + 2, s.n - 2);
	}
	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int d = digit(s.p[i]);

		if (d >= base)
			return false;
		if (full || __builtin_mul_overflow(v, (uint64_t)base, &v) || __builtin_add_overflow(v, (uint64_t)d, &v))
			full = true;
	}
	*ret = full ? UINT64_MAX : v;
	return true;
}

/* Below zero as two's complement of the type's own width where it fits, else of 64 bits (which no narrower value equals). */
static uint64_t
wrap(uint64_t magnitude, bool negative, bool is_signed, uint32_t width)
{
	if (is_signed) {
		if (negative)
			return magnitude > (uint64_t)INT64_MAX ? (uint64_t)INT64_MIN : (uint64_t)-(int64_t)magnitude;
		return magnitude > (uint64_t)INT64_MAX ? (uint64_t)INT64_MAX : magnitude;
	}
	if (!negative)
		return magnitude;
	if (magnitude > (uint64_t)INT64_MAX)
		return (uint64_t)INT64_MIN;
	if (width && width < 8 && magnitude <= 1ull << (8 * width - 1))
		return (0 - magnitude) & ((1ull << 8 * width) - 1);
	return 0 - magnitude;
}

static const char *
parse_integer(enum sk_ptype type, struct sk_slice text, struct sk_irv *ret)
{
	uint64_t magnitude;
	bool negative;

	if (!parse_number(text, &magnitude, &negative))
		return NOT_A_NUMBER;
	ret->num = wrap(magnitude, negative, ret->vkind == SK_V_INT, sk_type_width(type));
	return NULL;
}

static const char *
parse_port(struct sk_slice text, struct sk_irv *ret)
{
	uint64_t magnitude = 0;
	uint16_t port;
	bool negative;

	if (!text.n || (text.p[0] != '-' && text.p[0] != '+' && parse_number(text, &magnitude, &negative))) {
		ret->num = magnitude;
		return NULL;
	}
	if (!sk_service_port(text, &port))
		return "is neither a port number nor a known service";
	ret->num = port;
	return NULL;
}

static const char *
parse_bool(struct sk_slice text, struct sk_irv *ret)
{
	if (!sk_slice_is(text, "true") && !sk_slice_is(text, "false"))
		return "is neither true nor false";
	ret->num = text.p[0] == 't';
	return NULL;
}

static const char *
parse_double(struct sk_slice text, struct sk_irv *ret)
{
	uint64_t magnitude;
	bool negative;
	double d;

	if (!parse_number(text, &magnitude, &negative))
		return "is not a whole number";
	d = negative ? -(double)magnitude : (double)magnitude;
	memcpy(&ret->num, &d, sizeof(d));
	return NULL;
}

static const char *
parse_address(struct sk_arena *arena, struct sk_slice text, struct sk_irv *ret)
{
	char copy[INET6_ADDRSTRLEN + 1];
	uint8_t bytes[16];
	bool v4 = text.n && memchr(text.p, '.', text.n);

	if (text.n >= sizeof(copy) || (text.n && memchr(text.p, '\0', text.n)))
		return v4 ? "is not an IPv4 address" : "is not an IP address";
	if (text.n)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	if (inet_pton(v4 ? AF_INET : AF_INET6, copy, bytes) != 1)
		return v4 ? "is not an IPv4 address" : "is not an IP address";
	ret->ip = v4 ? 4 : 6;
	ret->text = sk_arena_dup(arena, sk_slice((const char *)bytes, v4 ? 4 : 16));
	return ret->text.p ? NULL : "does not fit into memory";
}

/* The host part is cut off, so that equal nets are equal constants. */
static void
mask_address(char *bytes, uint32_t nbytes, uint32_t prefix)
{
	for (uint32_t i = 0; i < nbytes; i++) {
		uint32_t kept = prefix >= 8 * (i + 1) ? 8 : prefix > 8 * i ? prefix - 8 * i : 0;

		bytes[i] = (char)((uint8_t)bytes[i] & (uint8_t)(0xff00u >> kept));
	}
}

static const char *
parse_net(struct sk_arena *arena, struct sk_slice text, struct sk_irv *ret)
{
	const char *slash = text.n ? memchr(text.p, '/', text.n) : NULL;
	uint64_t bits;
	bool negative;

	if (!slash)
		return "is not a net: it needs a prefix length, as in 10.0.0.0/8";
	const char *wrong = parse_address(arena, sk_slice(text.p, (size_t)(slash - text.p)), ret);
	if (wrong)
		return wrong;
	if (!parse_number(sk_slice(slash + 1, text.n - (size_t)(slash + 1 - text.p)), &bits, &negative))
		return "has no valid prefix length";
	if (negative || bits > (ret->ip == 4 ? 32u : 128u) || (ret->ip == 6 && !bits))
		return "has no valid prefix length";
	ret->prefix = (uint8_t)bits;
	char *bytes = sk_arena_alloc(arena, ret->text.n);
	if (!bytes)
		return "does not fit into memory";
	memcpy(bytes, ret->text.p, ret->text.n);
	mask_address(bytes, (uint32_t)ret->text.n, ret->prefix);
	ret->text.p = bytes;
	return NULL;
}

static const char *
parse_text(struct sk_slice text, struct sk_irv *ret)
{
	if (text.n && memchr(text.p, '\0', text.n))
		return "contains a NUL byte, which no text of an event can";
	ret->text = text.p ? text : SK_SLICE("");
	return NULL;
}

const char *
sk_value_parse(struct sk_arena *arena, enum sk_ptype type, struct sk_slice text, struct sk_irv *ret)
{
	*ret = (struct sk_irv){ .kind = SK_IRV_CONST, .vkind = sk_type_kind(type), .type = type };
	/* Numbers of signals and system calls have names; the language has no constants for them. */
	if (type == SK_PT_SIGTYPE || type == SK_PT_SYSCALLID)
		return "cannot be compared with a field of this type";
	if (type == SK_PT_PORT)
		return parse_port(text, ret);
	switch (ret->vkind) {
	case SK_V_BOOL: return parse_bool(text, ret);
	case SK_V_INT:
	case SK_V_UINT: return parse_integer(type, text, ret);
	case SK_V_FLOAT: return parse_double(text, ret);
	case SK_V_STR:
	case SK_V_BYTES: return parse_text(text, ret);
	case SK_V_IP: return parse_address(arena, text, ret);
	case SK_V_NET: return parse_net(arena, text, ret);
	case SK_V_NONE:
	case SK_V_LIST: break;
	}
	return "cannot be compared with a field of this type";
}

const char *
sk_value_parse_hex(struct sk_arena *arena, struct sk_slice text, struct sk_irv *ret)
{
	char *bytes = sk_arena_alloc(arena, text.n / 2 + 1);

	*ret = (struct sk_irv){ .kind = SK_IRV_CONST, .vkind = SK_V_BYTES, .type = SK_PT_BYTEBUF };
	if (!bytes)
		return "does not fit into memory";
	if (text.n % 2)
		return "has an odd number of hexadecimal digits";
	for (size_t i = 0; i < text.n; i += 2) {
		int hi = digit(text.p[i]), lo = digit(text.p[i + 1]);

		if (hi > 15 || lo > 15)
			return "is not a hexadecimal string";
		bytes[i / 2] = (char)(hi << 4 | lo);
	}
	ret->text = sk_slice(bytes, text.n / 2);
	return NULL;
}
