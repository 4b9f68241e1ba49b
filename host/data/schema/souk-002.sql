-- SPDX-License-Identifier: Apache-2.0
-- souk-002: people, what they may do, how they sign in, and the log of it.
-- Columns named ..._sealed hold records of the vault; ids, links and tokens are kept as BLAKE2b-256 only.

-- ---- people ---------------------------------------------------------------------------------------------------
CREATE TABLE person (
    no              INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: logs and seals name it
    email           TEXT NOT NULL UNIQUE,       -- what one signs in with; lower case
    name            TEXT NOT NULL,              -- as shown
    language        TEXT NOT NULL,              -- '': the host's
    is_disabled     INTEGER NOT NULL DEFAULT 0 CHECK (is_disabled IN (0, 1)),
    created_s       INTEGER NOT NULL,
    signed_in_s     INTEGER,                    -- last time; NULL: never
    password_sealed BLOB,                       -- the Argon2id hash, sealed as 'user:NO:password'; NULL: none yet
    password_s      INTEGER                     -- when it was set
) STRICT;

CREATE TABLE person_role (
    person  INTEGER NOT NULL REFERENCES person (no),
    account TEXT NOT NULL REFERENCES account (name),
    role    TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
    PRIMARY KEY (person, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_grant (                     -- of staff, see data/authz.h
    person  INTEGER NOT NULL REFERENCES person (no),
    account TEXT NOT NULL REFERENCES account (name),
    object  TEXT NOT NULL,                      -- 'widget:sales', 'settings:*', 'command:case.reply', 'page:imports'
    may     TEXT NOT NULL CHECK (may IN ('none', 'view', 'edit')),
    PRIMARY KEY (person, account, object)
) STRICT, WITHOUT ROWID;

-- ---- second factor --------------------------------------------------------------------------------------------
CREATE TABLE second_factor (
    no          INTEGER PRIMARY KEY,
    person      INTEGER NOT NULL REFERENCES person (no),
    is_on       INTEGER NOT NULL CHECK (is_on IN (0, 1)),   -- 0: shown, and not yet proven by a code
    seed_sealed BLOB NOT NULL,                  -- 20 bytes, sealed as 'user:PERSON:totp'
    last_step   INTEGER NOT NULL,               -- 30-second step of the last code: each works once
    set_s       INTEGER NOT NULL,
    UNIQUE (person, is_on)
) STRICT;

CREATE TABLE recovery_code (
    person INTEGER NOT NULL REFERENCES person (no),
    hash   BLOB NOT NULL,
    used_s INTEGER,                             -- NULL: not yet
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- ---- sessions, links, tokens ----------------------------------------------------------------------------------
CREATE TABLE session (
    no         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    person     INTEGER NOT NULL REFERENCES person (no),
    stage      TEXT NOT NULL CHECK (stage IN ('second', 'set_up', 'whole')),
                                                -- second factor asked for; to be set up first; signed in
    label      TEXT NOT NULL,                   -- the client, as it calls itself
    created_s  INTEGER NOT NULL,                -- _s by the clock on the wall, _ms by one that only grows:
    created_ms INTEGER NOT NULL,                -- whichever says "over" is right
    seen_s     INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL,
    proven_s   INTEGER NOT NULL,                -- last time that the password was given
    proven_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_person ON session (person);

CREATE TABLE link (                             -- addresses that work once
    no        INTEGER PRIMARY KEY AUTOINCREMENT,
    hash      BLOB NOT NULL UNIQUE,
    purpose   TEXT NOT NULL CHECK (purpose IN ('setup', 'invite', 'reset')),
    person    INTEGER REFERENCES person (no),   -- of a reset
    email     TEXT NOT NULL,                    -- of an invitation
    account   TEXT REFERENCES account (name),   -- of an invitation, and the role there
    role      TEXT CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
    made_by   TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    ends_s    INTEGER NOT NULL,
    used_s    INTEGER                           -- NULL: not yet
) STRICT;

CREATE TABLE api_token (
    no        INTEGER PRIMARY KEY AUTOINCREMENT,
    hash      BLOB NOT NULL UNIQUE,
    person    INTEGER NOT NULL REFERENCES person (no),
    title     TEXT NOT NULL,
    account   TEXT NOT NULL REFERENCES account (name),
    at_most   TEXT NOT NULL CHECK (at_most IN ('view', 'edit', 'admin', 'owner')),
    objects   TEXT NOT NULL,                    -- space between; '': all that its person may
    created_s INTEGER NOT NULL,
    ends_s    INTEGER NOT NULL,
    used_s    INTEGER                           -- last time, to the minute; NULL: never
) STRICT;
CREATE INDEX api_token_by_person ON api_token (person);

-- ---- guessing -------------------------------------------------------------------------------------------------
CREATE TABLE throttle (
    key      TEXT PRIMARY KEY,                  -- 'who:HASH of an e-mail', 'net:192.0.2.0/24', 'code:NO of a person'
    failures INTEGER NOT NULL,
    since_s  INTEGER NOT NULL,                  -- the first of them
    until_s  INTEGER NOT NULL                   -- nothing is tried before
) STRICT, WITHOUT ROWID;

-- ---- the log --------------------------------------------------------------------------------------------------
CREATE TABLE audit (                            -- append-only; each row seals the one before; as in each account
    no      INTEGER PRIMARY KEY AUTOINCREMENT,
    at_s    INTEGER NOT NULL,
    actor   TEXT NOT NULL,                      -- who: an e-mail, local, or - when nobody signed in
    via     TEXT NOT NULL,                      -- page, api, cli
    command TEXT NOT NULL,                      -- user.add, sign_in, token.end ...
    ref     TEXT NOT NULL,                      -- user:7, account:shop ...
    args    TEXT NOT NULL,                      -- a JSON object without secrets
    result  TEXT NOT NULL,
    seal    BLOB NOT NULL
) STRICT;
