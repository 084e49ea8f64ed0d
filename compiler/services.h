/* Names of ports, as the machine that compiles knows them. */
#ifndef SK_SERVICES_H
#define SK_SERVICES_H

#include "base/slice.h"

/* The services database in memory: for a process that may not open files any more. */
struct sk_services;

/* NULL when out of memory. Free with sk_services_free(). */
struct sk_services *sk_services_load(void);
void sk_services_free(struct sk_services *s);
/* The port of service NAME (host order), of any protocol. With S NULL the C library is asked. */
bool sk_services_find(const struct sk_services *s, struct sk_slice name, uint16_t *ret);

#endif
