/* Names of network services. */
#ifndef SK_BASE_SERVICES_H
#define SK_BASE_SERVICES_H

#include "base/slice.h"

/* The port of a service that rules may name (services.def): its exact name, lower case. False if there is none of that name. */
bool sk_service_port(struct sk_slice name, uint16_t *ret_port);

#endif
