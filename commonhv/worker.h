/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_WORKER_H
#define COMMONHV_WORKER_H

#include <linux/completion.h>
#include <linux/sched.h>
#include <linux/wait.h>

/**
 * struct commonhv_worker - a kthread that does rounds of work
 * @round: the work; @urgent is set when a kick asked for it
 * @idle: follows each round and may take long; a kick ends a sleep in it
 * @interval_s: seconds between rounds; 0: only kicks
 * @task: the thread
 * @wait: where it waits
 * @kicked: a kick has come since the last round began
 * @first: completed after the first round
 *
 * A thread of its own and not a workqueue, because crediting entropy on 6.1
 * must happen in a kthread, and may sleep there for a minute.
 */
struct commonhv_worker {
	void (*round)(struct commonhv_worker *worker, bool urgent);
	void (*idle)(struct commonhv_worker *worker);
	unsigned int interval_s;
	struct task_struct *task;
	wait_queue_head_t wait;
	bool kicked;
	struct completion first;
};

int commonhv_worker_start(struct commonhv_worker *worker, const char *name);
bool commonhv_worker_wait(struct commonhv_worker *worker, long timeout);
void commonhv_worker_kick(struct commonhv_worker *worker);
void commonhv_worker_stop(struct commonhv_worker *worker);
void commonhv_worker_destroy(struct commonhv_worker *worker);

#endif /* COMMONHV_WORKER_H */
