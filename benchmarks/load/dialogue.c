#include "connection.h"

#include <arpa/inet.h>
#include <string.h>

static void message_done(struct connection *connection, char verdict) {
    char why[200];
    bool right = edits_complete(&connection->edits, verdict, why, sizeof why);
    if (right)
        totals.right++;
    else
        note_error("%s", why);
    uint64_t time = now();
    connection->messages++;
    if (measuring && right && connection->counted) {
        totals.measured++;
        totals.lf_bodies += connection->edits.lf;
        histogram_add(&totals.latency, time - connection->began);
    } else if (measuring && right) {
        totals.others++;
    }
    connection->edits = (struct edits){ 0 };
    if (ending) {
        say_goodbye(connection);
    } else if (connection->counted && options.per_connection > 0 && connection->messages >= options.per_connection) {
        say_goodbye(connection);
        open_connection(connection);
    } else {
        connection->began = time;
        connection->stream = &connection->script->next;
        begin_turn(connection, 0);
    }
}

static void negotiated(struct connection *connection, const unsigned char *data, size_t length) {
    uint32_t words[3] = { 0 };
    memcpy(words, data, length < sizeof words ? 0 : sizeof words);
    uint32_t version = ntohl(words[0]), actions = ntohl(words[1]), steps = ntohl(words[2]);
    if (length < sizeof words || version < 2 || version > 6 || actions & ~0x1ffu || steps & ~0x1fffffu) {
        note_error("the answer to OPTNEG is not of the offer: %zu bytes, version %u, actions 0x%x, steps 0x%x", length, version, actions, steps);
        broken(connection);
        return;
    }
    connection->script = script_for(version, steps, connection->special);
    connection->stream = &connection->script->first;
    connection->state = RUNNING;
    connection->edits = (struct edits){ 0 };
    connection->turn = 0;
    if (connection->reads_slowly)
        watch_again(connection);
    if (options.hold == HOLD_NONE || (options.hold == HOLD_HELO && connection->stream->connection_turns > 0))
        begin_turn(connection, 0);
}

/* One answer of the filter; false where the connection is no longer what it was. */
bool take(struct connection *connection, char command, const unsigned char *data, size_t length) {
    if (connection->state == NEGOTIATING) {
        if (command == 'O') {
            negotiated(connection, data, length);
            return connection->state == RUNNING;
        }
        note_error("OPTNEG was answered with %c", command);
        broken(connection);
        return false;
    }
    const struct turn *turn = &connection->stream->turns[connection->turn];
    char why[200];
    if (connection->piece < turn->pieces) {
        note_error("%c came before step %c was sent", command, turn->step);
    } else if (command == 'p') {
        return true;
    } else if (turn->step == 'E') {
        if (command != 'c' && command != 'a') {
            if (!edits_take(&connection->edits, command, (const char *)data, length, why, sizeof why))
                note_error("%s", why);
            return true;
        }
        message_done(connection, command);
        return connection->state == RUNNING;
    } else if (command == 'c') {
        if (options.hold == HOLD_HELO && connection->turn + 1 == connection->stream->connection_turns)
            connection->turn++;
        else
            begin_turn(connection, connection->turn + 1);
        return connection->state == RUNNING;
    } else if (command == 's' && turn->step == 'B' && connection->script->steps & CAN_SKIP) {
        begin_turn(connection, connection->stream->turn_count - 1);
        return connection->state == RUNNING;
    } else {
        note_error("step %c was answered with %c", turn->step, command);
    }
    broken(connection);
    return false;
}
