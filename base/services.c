#include "base/services.h"

static const struct {
	uint16_t port;
	const char *name;
} services[] = {
#define SK_SERVICE(port, name) { port, name },
#include <saker/services.def>
#undef SK_SERVICE
};

bool
sk_service_port(struct sk_slice name, uint16_t *ret_port)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (sk_slice_is(name, services[i].name)) {
			*ret_port = services[i].port;
			return true;
		}
	}
	return false;
}
