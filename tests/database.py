"""The served database seen past Odoo: what is in it, whoever may read it, at one moment.

Tests ask and prepare here what no door of K20 gives; what they prove is done through the doors.
"""

import os
import secrets

import psycopg2
from passlib.hash import pbkdf2_sha512

DATABASE = os.environ.get('K20_DB', '')
ROUNDS = 6000  # as Odoo has them for keys, which are random anyway


def rows(query, *values, database=DATABASE):
    """Run `query` in a transaction of its own and return its rows, none for a command."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)  # with none, a % is a %
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def command(sql):
    """Run what cannot be part of a transaction, such as making a database."""
    connection = psycopg2.connect(dbname='postgres')
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()


def record(xml_id, database=DATABASE):
    """Return the id of the record called `module.name`."""
    query = "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s"
    [(found,)] = rows(query, *xml_id.split('.'), database=database)
    return found


def make_keys(user_ids):
    """Return an API key for each of these users; a password of each would be checked for a quarter of a second."""
    keys = {user_id: secrets.token_hex(20) for user_id in user_ids}
    for user_id, key in keys.items():
        rows(
            "INSERT INTO res_users_apikeys (name, user_id, scope, key, index) VALUES ('tests', %s, 'rpc', %s, %s)",
            user_id,
            pbkdf2_sha512.using(rounds=ROUNDS).hash(key),
            key[:8],
        )
    return keys
