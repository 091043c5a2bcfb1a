/*
 * fault.c - the SIGBUS handler and the ranges that it knows.
 *
 * The handler may run in any thread at any moment, so zones are never freed:
 * the list only grows, at its head, and a zone that is given back is taken
 * again.  The zone that a fault belongs to cannot change meanwhile, since
 * the faulting thread holds its memory.  (State of the process, because a
 * signal handler is.)
 */
#include "capture/fault.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct fault_zone {
	struct fault_zone *next;
	atomic_bool taken;
	atomic_uintptr_t start;
	atomic_size_t size;		/* 0: watches nothing */
	_Atomic(atomic_bool *) vanished;
};

static _Atomic(struct fault_zone *) zones;
static struct sigaction previous;
static uintptr_t page_size;

static struct fault_zone *
zone_of(uintptr_t address)
{
	for (struct fault_zone *z = atomic_load(&zones); z; z = z->next) {
		size_t size = atomic_load(&z->size);

		if (address - atomic_load(&z->start) < size)
			return z;
	}
	return NULL;
}

/* Not ours: restored, the old action gets the fault when it comes again. */
static void
pass_on(const siginfo_t *info)
{
	sigaction(SIGBUS, &previous, NULL);
	if (info->si_code <= 0)		/* sent, hence it will not */
		raise(SIGBUS);
}

static void
on_sigbus(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	struct fault_zone *z = info->si_code > 0 ? zone_of(address) : NULL;

	(void)number;
	(void)context;
	if (!z || mmap((void *)(address & ~(page_size - 1)), page_size,
		       PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		       -1, 0) == MAP_FAILED) {
		pass_on(info);
		return;
	}
	atomic_store(atomic_load(&z->vanished), true);
}

/* Looked at each time: somebody may have put his own handler over ours. */
static void
install(void)
{
	struct sigaction action = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO,
	};
	struct sigaction now;

	if (sigaction(SIGBUS, NULL, &now) == 0 &&
	    (now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_sigbus)
		return;
	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, &previous);
}

static struct fault_zone *
take_zone(void)
{
	struct fault_zone *z;

	for (z = atomic_load(&zones); z; z = z->next)
		if (!atomic_exchange(&z->taken, true))
			return z;
	z = calloc(1, sizeof(*z));
	if (!z)
		return NULL;
	atomic_init(&z->taken, true);
	z->next = atomic_load(&zones);
	while (!atomic_compare_exchange_weak(&zones, &z->next, z))
		;
	return z;
}

struct fault_zone *
fault_watch(const void *base, size_t size, atomic_bool *vanished)
{
	struct fault_zone *z = take_zone();

	if (!z)
		return NULL;
	install();
	atomic_store(&z->vanished, vanished);
	atomic_store(&z->start, (uintptr_t)base);
	atomic_store(&z->size, size);	/* last: now it watches */
	return z;
}

void
fault_unwatch(struct fault_zone *z)
{
	atomic_store(&z->size, 0);
	atomic_store(&z->taken, false);
}
