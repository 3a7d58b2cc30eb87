// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "worker.h"

/**
 * commonhv_worker_wait() - let the thread wait for a kick
 * @worker: the worker whose thread this is
 * @timeout: jiffies, at most
 *
 * Context: the worker's thread, in @idle.
 * Return: true if there is a round to do, or the thread to be ended.
 */
bool commonhv_worker_wait(struct commonhv_worker *worker, long timeout)
{
	return wait_event_freezable_timeout(worker->wait,
					    READ_ONCE(worker->kicked) ||
					    kthread_should_stop(), timeout);
}

static int commonhv_worker_run(void *data)
{
	struct commonhv_worker *worker = data;
	long timeout = worker->interval_s ? (long)worker->interval_s * HZ :
					    MAX_SCHEDULE_TIMEOUT;

	/* No device may be added below one that is suspended. */
	set_freezable();
	while (!kthread_should_stop()) {
		/* Full barrier: the round sees all that was written before the kick. */
		worker->round(worker, xchg(&worker->kicked, false));
		complete_all(&worker->first);
		worker->idle(worker);
		commonhv_worker_wait(worker, timeout);
	}
	return 0;
}

/**
 * commonhv_worker_start() - start the thread and wait for its first round
 * @worker: with @round, @idle and @interval_s set; zero otherwise
 * @name: of the thread
 *
 * The first round is an urgent one.
 *
 * Context: process context, sleeps.
 * Return: 0, or the error of kthread_create().
 */
int commonhv_worker_start(struct commonhv_worker *worker, const char *name)
{
	struct task_struct *task;

	init_waitqueue_head(&worker->wait);
	init_completion(&worker->first);
	worker->kicked = true;
	/* Not kthread_run(): the first round may already kick the worker. */
	task = kthread_create(commonhv_worker_run, worker, "%s", name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	/* For kicks that come when it has ended. */
	worker->task = get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&worker->first);
	return 0;
}

/**
 * commonhv_worker_kick() - ask for a round now
 * @worker: between its start and its destruction, its own rounds included
 *
 * Context: any.
 */
void commonhv_worker_kick(struct commonhv_worker *worker)
{
	WRITE_ONCE(worker->kicked, true);
	/* Not wake_up(): the thread may also sleep within @idle. */
	wake_up_process(worker->task);
}

/**
 * commonhv_worker_stop() - end the thread
 * @worker: from commonhv_worker_start(); kicks do nothing from now on
 *
 * Context: process context; waits for a round that runs.
 */
void commonhv_worker_stop(struct commonhv_worker *worker)
{
	kthread_stop(worker->task);
}

/**
 * commonhv_worker_destroy() - undo commonhv_worker_start()
 * @worker: stopped, and not kicked any more
 *
 * Context: any.
 */
void commonhv_worker_destroy(struct commonhv_worker *worker)
{
	put_task_struct(worker->task);
}
