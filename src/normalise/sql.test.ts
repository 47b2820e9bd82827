import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSqlSecrets, readSql } from './sql.ts';

describe('the shape of a statement', () => {
  it.each([
    ['postgresql', "SELECT  *\nFROM t -- all\nWHERE a = 'x''y'", "select * from t where a = ''"],
    ['postgresql', 'copy/**/t/**/to/**/program $$id$$', "copy t to program ''"],
    ['postgresql', `select "pg_read_file" ('/etc/passwd')`, "select pg_read_file('')"],
    ['postgresql', String.raw`select E'a\'; drop table t', 1`, "select e'', 1"],
    ['postgresql', String.raw`select 'a\', 1`, "select '', 1"],
    ['postgresql', 'select $1, $tag$ drop $tag$', "select $1, ''"],
    ['mysql', 'DROP TABLE `orders`', 'drop table orders'],
    ['mysql', "select \"a\", 'b\\'c' # x", "select '', ''"],
    ['mysql', '/*!50000 drop*/ table t', 'drop table t'],
    ['mysql', 'select 1 /* drop */ + 1', 'select 1 + 1'],
  ] as const)('of %s %j is %j', (dialect, sql, shape) => {
    expect(readSql(sql, dialect).shape).toBe(shape);
  });

  it('is not changed by what a literal holds', () => {
    const inside = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('; drop table t; --', '/* x', '*/', '$$', '#', "''", '"', '`', '\\', '-- '),
    );
    fc.assert(
      fc.property(inside, inside, (first, second) => {
        const pg = (text: string) => `'${text.replaceAll("'", "''")}'`;
        const my = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
        const statement = (a: string, b: string) => `insert into t values (${a}, ${b}) returning id`;
        const shape = "insert into t values('', '') returning id";
        expect(readSql(statement(pg(first), pg(second)), 'postgresql').shape).toBe(shape);
        expect(readSql(statement(my(first), my(second)), 'mysql').shape).toBe(shape);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes to an end for anything', () => {
    const soup = fc.array(
      fc.constantFrom("'", '"', '`', '\\', '/*', '*/', '/*!', '--', '#', '$$', '$a$', 'x', '\n', ' '),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(soup, fc.constantFrom('postgresql' as const, 'mysql' as const), (pieces, dialect) => {
        const { shape, text } = readSql(pieces.join(''), dialect);
        expect(shape.length).toBeLessThanOrEqual(3 * pieces.join('').length + 2);
        expect(text).toBe(text.toLowerCase());
      }),
      { numRuns: 2000 },
    );
    for (const piece of ["'", '/*', '$a$', '--', '((', "E'\\"])
      expect(readSql(piece.repeat(500_000), 'mysql').shape.length).toBeLessThan(50_000);
  });
});

describe('passwords in statements', () => {
  it.each([
    ["create role a password 'geheim'", "create role a password '***'"],
    ["ALTER USER 'a'@'%' IDENTIFIED BY 'geheim'", "ALTER USER 'a'@'%' IDENTIFIED BY '***'"],
    ["identified with mysql_native_password by 'geheim'", "identified with mysql_native_password by '***'"],
    ["SET PASSWORD = PASSWORD('geheim')", "SET PASSWORD = PASSWORD('***')"],
    [String.raw`'IDENTIFIED BY \'geheim\''`, String.raw`'IDENTIFIED BY \'***\''`],
    ["select password from users where name = 'bob'", "select password from users where name = 'bob'"],
  ])('%s', (statement, masked) => {
    expect(maskSqlSecrets(statement)).toBe(masked);
  });

  it('are looked for in linear time', () => {
    for (const piece of ["password '", 'identified by ', 'password ', "password 'a"])
      expect(maskSqlSecrets(piece.repeat(100_000)).length).toBeGreaterThan(0);
  });
});
