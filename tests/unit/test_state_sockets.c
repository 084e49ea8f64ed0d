/* Sockets: names, ends, roles. */
#include "state_check.h"

#include <arpa/inet.h>

struct wire {
	uint8_t p[128];
	size_t n;
};

static void
put(struct wire *w, const void *p, size_t n)
{
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void
put_end(struct wire *w, int family, const char *ip, uint16_t port)
{
	uint8_t a[16];

	assert_int_equal(inet_pton(family, ip, a), 1);
	put(w, a, family == AF_INET ? 4 : 16);
	put(w, &port, 2);
}

static struct wire
tuple(const char *src, uint16_t sport, const char *dst, uint16_t dport)
{
	int family = strchr(src, ':') ? AF_INET6 : AF_INET;
	struct wire w = {.p = {(uint8_t)family}, .n = 1};

	put_end(&w, family, src, sport);
	put_end(&w, family, dst, dport);
	return w;
}

static struct wire
address(const char *ip, uint16_t port)
{
	int family = strchr(ip, ':') ? AF_INET6 : AF_INET;
	struct wire w = {.p = {(uint8_t)family}, .n = 1};

	put_end(&w, family, ip, port);
	return w;
}

static struct wire
unix_tuple(uint64_t src, uint64_t dst, const char *path)
{
	struct wire w = {.p = {AF_UNIX}, .n = 1};

	put(&w, &src, 8);
	put(&w, &dst, 8);
	put(&w, path, strlen(path) + 1);
	return w;
}

static void
make_socket(struct bench *b, int64_t fd, int domain, int type)
{
	APPLY(b, SK_E_SOCKET_SOCKET_X, 100, "iiiii", fd, I(domain), I(type), I(0), I(0));
}

static void
make_bind(struct bench *b, int64_t fd, const char *ip, uint16_t port)
{
	struct wire a = address(ip, port);

	APPLY(b, SK_E_SOCKET_BIND_X, 100, "ibi", I(0), a.p, a.n, fd);
}

static void
make_connect(struct bench *b, int64_t fd, int64_t res, struct wire t)
{
	APPLY(b, SK_E_SOCKET_CONNECT_X, 100, "ibi", res, t.p, t.n, fd);
}

static void
make_send(struct bench *b, int64_t fd, struct wire t)
{
	APPLY(b, SK_E_SOCKET_SENDTO_X, 100, "ibiib", I(1), "x", (size_t)1, fd, I(1), t.p, t.n);
}

static void
make_recv(struct bench *b, int64_t fd, struct wire t)
{
	APPLY(b, SK_E_SOCKET_RECVFROM_X, 100, "ibbii", I(1), "x", (size_t)1, t.p, t.n, fd, I(1));
}

static void
tcp_client(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_socket(b, 3, AF_INET, 1);
	assert_int_equal(b->x.fd->type, SK_FD_IPV4_SOCK);
	assert_int_equal(b->x.fd->l4, SK_L4_TCP);
	assert_text(b->x.fd->name, "");
	make_connect(b, 3, -111, tuple("10.0.0.1", 4000, "10.0.0.2", 80));
	assert_text(b->x.fd->name, "");
	assert_int_equal(b->x.fd->role, SK_ROLE_NONE);
	make_connect(b, 3, -115, tuple("10.0.0.1", 4000, "10.0.0.2", 80));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:80");
	assert_int_equal(b->x.fd->role, SK_ROLE_CLIENT);
	assert_int_equal(b->x.fd->dport, 80);
	assert_true(b->x.fd->flags & SK_FDF_CONNECTED);
	/* Traffic of a stream cannot change its ends. */
	make_recv(b, 3, tuple("9.9.9.9", 1, "8.8.8.8", 2));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:80");
}

static void
tcp_server(void **state)
{
	struct bench *b = *state;
	struct wire t = tuple("10.0.0.9", 5555, "10.0.0.1", 80);

	bench_two(b);
	make_socket(b, 3, AF_INET, 1);
	make_bind(b, 3, "0.0.0.0", 80);
	assert_int_equal(b->x.fd->type, SK_FD_IPV4_SERVSOCK);
	assert_text(b->x.fd->name, "0.0.0.0:80");
	assert_int_equal(b->x.fd->role, SK_ROLE_SERVER);
	APPLY(b, SK_E_SOCKET_ACCEPT4_6_X, 100, "ibiiii", I(4), t.p, t.n, I(0), I(0), I(0), I(0x80000));
	assert_int_equal(b->x.fd_num, 4);
	assert_text(b->x.fd->name, "10.0.0.9:5555->10.0.0.1:80");
	assert_int_equal(b->x.fd->role, SK_ROLE_SERVER);
	assert_true(b->x.fd->flags & SK_FDF_CONNECTED);
	assert_true(b->x.fd->flags & SK_FDF_CLOEXEC);
	APPLY(b, SK_E_SOCKET_ACCEPT4_6_X, 100, "ib", I(-11), "", (size_t)0);
	assert_null(b->x.fd);
}

static void
bound_v6_to_anything_is_v4(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_socket(b, 3, AF_INET6, 1);
	make_bind(b, 3, "::", 7001);
	assert_int_equal(b->x.fd->type, SK_FD_IPV4_SERVSOCK);
	assert_text(b->x.fd->name, ":::7001");
	make_socket(b, 4, AF_INET6, 1);
	make_bind(b, 4, "fd00::1", 7002);
	assert_int_equal(b->x.fd->type, SK_FD_IPV6_SERVSOCK);
	assert_text(b->x.fd->name, "fd00::1:7002");
	/* Without a port it is no server yet. */
	make_socket(b, 5, AF_INET, 2);
	make_bind(b, 5, "127.0.0.1", 0);
	assert_int_equal(b->x.fd->role, SK_ROLE_NONE);
	assert_text(b->x.fd->name, "127.0.0.1:0");
}

static void
bound_to_anything_shows_every_peer(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_socket(b, 3, AF_INET6, 2);
	make_bind(b, 3, "::", 5061);
	/* Its peers are the clients, in the order of the datagram in the name, and it stays unconnected. */
	make_recv(b, 3, tuple("fd00::7", 999, "fd00::1", 5061));
	assert_int_equal(b->x.fd->type, SK_FD_IPV6_SOCK);
	assert_int_equal(b->x.fd->role, SK_ROLE_SERVER);
	assert_int_equal(b->x.fd->l4, SK_L4_UDP);
	assert_int_equal(b->x.fd->sport, 999);
	assert_text(b->x.fd->name, "fd00::7:999->fd00::1:5061");
	make_send(b, 3, tuple("fd00::1", 5061, "fd00::7", 999));
	assert_text(b->x.fd->name, "fd00::1:5061->fd00::7:999");
	assert_true(b->x.fd->flags & SK_FDF_NAME_CHANGED);
	assert_int_equal(b->x.fd->sport, 999);
	assert_false(b->x.fd->flags & SK_FDF_CONNECTED);
	/* Another peer is seen at the call that names it. */
	make_send(b, 3, tuple("fd00::1", 5061, "fd00::8", 53));
	assert_int_equal(b->x.fd->sport, 53);
	assert_int_equal(b->x.fd->saddr[15], 8);
	make_connect(b, 3, 0, tuple("fd00::1", 5061, "fd00::9", 77));
	assert_true(b->x.fd->flags & SK_FDF_CONNECTED);
	assert_false(b->x.fd->flags & SK_FDF_BOUND_ANY);
	assert_int_equal(b->x.fd->sport, 77);
}

static void
udp_roles(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_socket(b, 3, AF_INET, 2);
	make_send(b, 3, tuple("10.0.0.1", 4000, "10.0.0.2", 53));
	assert_int_equal(b->x.fd->role, SK_ROLE_CLIENT);
	assert_int_equal(b->x.fd->l4, SK_L4_UDP);
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:53");
	/* The answer is the same conversation. */
	make_recv(b, 3, tuple("10.0.0.2", 53, "10.0.0.1", 4000));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:53");
	assert_false(b->x.fd->flags & SK_FDF_NAME_CHANGED);
	make_send(b, 3, tuple("10.0.0.1", 4000, "10.0.0.3", 53));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.3:53");
	/* A server is spoken to first, and its clients come first in the name. */
	make_socket(b, 4, AF_INET, 2);
	make_bind(b, 4, "10.0.0.1", 53);
	make_recv(b, 4, tuple("10.0.0.7", 999, "10.0.0.1", 53));
	assert_int_equal(b->x.fd->role, SK_ROLE_SERVER);
	assert_text(b->x.fd->name, "10.0.0.7:999->10.0.0.1:53");
	make_send(b, 4, tuple("10.0.0.1", 53, "10.0.0.7", 999));
	assert_text(b->x.fd->name, "10.0.0.7:999->10.0.0.1:53");
	make_send(b, 4, tuple("10.0.0.1", 53, "10.0.0.8", 998));
	assert_text(b->x.fd->name, "10.0.0.8:998->10.0.0.1:53");
	/* One that took whatever port there was is a server too, but with IPv6 a client, as it always was. */
	make_socket(b, 5, AF_INET, 2);
	make_recv(b, 5, tuple("10.0.0.7", 999, "10.0.0.1", 4100));
	assert_int_equal(b->x.fd->role, SK_ROLE_SERVER);
	assert_text(b->x.fd->name, "10.0.0.7:999->10.0.0.1:4100");
	make_socket(b, 6, AF_INET6, 2);
	make_recv(b, 6, tuple("fd00::7", 999, "fd00::1", 4100));
	assert_int_equal(b->x.fd->role, SK_ROLE_CLIENT);
	assert_text(b->x.fd->name, "fd00::1:4100->fd00::7:999");
}

static void
mapped_addresses_are_v4(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_socket(b, 3, AF_INET6, 2);
	make_send(b, 3, tuple("::ffff:10.0.0.1", 4000, "::ffff:10.0.0.2", 53));
	assert_int_equal(b->x.fd->type, SK_FD_IPV4_SOCK);
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:53");
	make_socket(b, 4, AF_INET6, 2);
	make_send(b, 4, tuple("fd00::1", 4000, "fd00::2", 53));
	assert_int_equal(b->x.fd->type, SK_FD_IPV6_SOCK);
	assert_text(b->x.fd->name, "fd00::1:4000->fd00::2:53");
}

static void
zero_local_address_is_looked_up(void **state)
{
	static const uint8_t lo[4] = {127, 0, 0, 1}, lom[4] = {255}, eth[4] = {10, 0, 0, 1}, ethm[4] = {255, 255, 255};
	struct bench *b = *state;

	bench_two(b);
	sk_state_add_iface4(b->s, lo, lom, lo, SK_SLICE("lo"));
	sk_state_add_iface4(b->s, eth, ethm, eth, SK_SLICE("eth0"));
	make_socket(b, 3, AF_INET, 2);
	make_send(b, 3, tuple("0.0.0.0", 4000, "10.0.0.77", 53));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.77:53");
	make_send(b, 3, tuple("0.0.0.0", 4000, "127.0.0.5", 53));
	assert_text(b->x.fd->name, "127.0.0.1:4000->127.0.0.5:53");
	make_send(b, 3, tuple("0.0.0.0", 4000, "8.8.8.8", 53));
	assert_text(b->x.fd->name, "10.0.0.1:4000->8.8.8.8:53");
	assert_true(sk_state_is_local4(b->s, eth));
	assert_true(sk_state_is_local4(b->s, lo));
	assert_false(sk_state_is_local4(b->s, (const uint8_t[4]){127, 0, 0, 5}));
}

/* The address that the program passed counts, not what stands there when the call returns. */
static void
connect_goes_where_the_enter_event_said(void **state)
{
	struct bench *b = *state;
	struct wire a = address("10.0.0.2", 80), forged = address("10.0.0.66", 80), t = tuple("10.0.0.1", 4000, "10.0.0.66", 80);

	bench_two(b);
	make_socket(b, 3, AF_INET, 1);
	APPLY(b, SK_E_SOCKET_CONNECT_E, 100, "ib", I(3), a.p, a.n);
	assert_false(b->x.deliver);
	APPLY(b, SK_E_SOCKET_CONNECT_X, 100, "ibib", I(0), t.p, t.n, I(3), forged.p, forged.n);
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:80");
	/* Without a tuple the address alone. */
	make_socket(b, 4, AF_INET, 2);
	APPLY(b, SK_E_SOCKET_CONNECT_E, 100, "ib", I(4), a.p, a.n);
	APPLY(b, SK_E_SOCKET_CONNECT_X, 100, "i-i", I(0), I(4));
	assert_text(b->x.fd->name, "0.0.0.0:0->10.0.0.2:80");
}

static void
unix_sockets(void **state)
{
	struct bench *b = *state;
	struct wire t = unix_tuple(0xffff1, 0xffff2, "/run/x.sock");

	bench_two(b);
	make_socket(b, 3, AF_UNIX, 1);
	assert_int_equal(b->x.fd->type, SK_FD_UNIX_SOCK);
	make_connect(b, 3, 0, t);
	assert_text(b->x.fd->name, "ffff1->ffff2 /run/x.sock");
	assert_int_equal(b->x.fd->unix_dst, 0xffff2);
	APPLY(b, SK_E_SOCKET_SOCKETPAIR_X, 100, "iiiiiiii", I(0), I(5), I(6), I(0xa), I(0xb), I(1), I(1), I(0));
	assert_int_equal(b->x.fd_num, 6);
	assert_int_equal(bench_fd(b, 100, 5)->unix_src, 0xa);
	assert_int_equal(bench_fd(b, 100, 6)->unix_src, 0xb);
}

static void
sockets_nobody_saw_being_made(void **state)
{
	struct bench *b = *state;

	bench_two(b);
	make_send(b, 8, tuple("10.0.0.1", 4000, "10.0.0.2", 53));
	assert_text(b->x.fd->name, "10.0.0.1:4000->10.0.0.2:53");
	assert_true(b->x.fd->flags & SK_FDF_INFERRED);
	make_recv(b, 9, tuple("10.0.0.1", 4000, "10.0.0.2", 53));
	assert_null(b->x.fd);
}

static void
roles_of_listed_sockets(void **state)
{
	struct bench *b = *state;
	struct sk_fd_entry listener = {
	    .num = 3, .type = SK_FD_IPV4_SERVSOCK, .l4 = SK_L4_TCP, .saddr = {10, 0, 0, 1}, .sport = 80};
	struct sk_fd_entry taken = {.num = 4,
				    .type = SK_FD_IPV4_SOCK,
				    .l4 = SK_L4_TCP,
				    .saddr = {10, 0, 0, 1},
				    .sport = 80,
				    .daddr = {10, 0, 0, 9},
				    .dport = 777};
	struct sk_fd_entry made = {.num = 5,
				   .type = SK_FD_IPV4_SOCK,
				   .l4 = SK_L4_TCP,
				   .saddr = {10, 0, 0, 1},
				   .sport = 4000,
				   .daddr = {10, 0, 0, 2},
				   .dport = 443};

	bench_process(b, 1, 0, "init");
	bench_process(b, 100, 1, "sh");
	sk_state_add_fd(b->s, 100, &listener);
	sk_state_add_fd(b->s, 100, &taken);
	sk_state_add_fd(b->s, 1, &made);
	sk_state_lists_done(b->s);
	assert_text(bench_fd(b, 100, 3)->name, "10.0.0.1:80");
	assert_text(bench_fd(b, 100, 4)->name, "10.0.0.9:777->10.0.0.1:80");
	assert_int_equal(bench_fd(b, 100, 4)->role, SK_ROLE_SERVER);
	assert_text(bench_fd(b, 1, 5)->name, "10.0.0.1:4000->10.0.0.2:443");
	assert_int_equal(bench_fd(b, 1, 5)->role, SK_ROLE_CLIENT);
}

static void
broken_addresses(void **state)
{
	struct bench *b = *state;
	struct wire t = tuple("10.0.0.1", 4000, "10.0.0.2", 53), v6 = tuple("fd00::1", 4000, "fd00::2", 53),
		    u = unix_tuple(1, 2, "p");

	bench_two(b);
	make_socket(b, 3, AF_INET, 2);
	const struct wire *all[] = {&t, &v6, &u};
	for (unsigned k = 0; k < 3; k++)
		for (size_t n = 0; n < all[k]->n; n++) {
			struct wire cut = *all[k];
			cut.n = n;
			make_send(b, 3, cut);
			make_recv(b, 3, cut);
			make_connect(b, 3, 0, cut);
			APPLY(b, SK_E_SOCKET_BIND_X, 100, "ibi", I(0), cut.p, n, I(3));
			APPLY(b, SK_E_SOCKET_ACCEPT_5_X, 100, "ib", I(4), cut.p, n);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tcp_client),
	    TEST(tcp_server),
	    TEST(bound_v6_to_anything_is_v4),
	    TEST(bound_to_anything_shows_every_peer),
	    TEST(udp_roles),
	    TEST(mapped_addresses_are_v4),
	    TEST(zero_local_address_is_looked_up),
	    TEST(connect_goes_where_the_enter_event_said),
	    TEST(unix_sockets),
	    TEST(sockets_nobody_saw_being_made),
	    TEST(roles_of_listed_sockets),
	    TEST(broken_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
