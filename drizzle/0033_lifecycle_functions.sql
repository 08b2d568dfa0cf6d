-- Erasing a tenant: docs/decisions/0024. No role that serves may delete what is on record; these
-- functions may, as a role whose policies show it the rows of closed tenants only, and the engine
-- alone may call them.
CREATE SCHEMA lifecycle;--> statement-breakpoint
GRANT USAGE ON SCHEMA lifecycle TO tenantry_engine, tenantry_eraser;--> statement-breakpoint
CREATE FUNCTION lifecycle.close(deletion uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid;
begin
  -- Whoever undoes it takes the same row: one of the two comes first.
  update public.tenant_deletions d
     set closed_at = now(), stage = 'holding', stage_at = now()
   where d.id = deletion and d.stage = 'grace' and d.closed_at is null and d.ended_at is null
     and d.grace_until <= now()
  returning d.tenant_id into tenant;
  if tenant is null then
    return false;
  end if;
  update public.tenants t set state = 'deleting' where t.id = tenant;
  return true;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.erasable(deletion uuid) RETURNS uuid
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid;
begin
  select d.tenant_id into tenant
    from public.tenant_deletions d
   where d.id = deletion and d.stage in ('erasing', 'scanning') and d.closed_at is not null
     and d.ended_at is null and d.finished_at is null and d.grace_until <= now();
  if tenant is null or exists (
    select from public.tenants t where t.id = tenant and t.state <> 'deleting'
  ) then
    raise exception 'This organisation is not to be erased.' using errcode = 'TC002';
  end if;
  return tenant;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.places() RETURNS TABLE (place name, depth integer)
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
  AS $body$
  with recursive held as (
    select c.oid, c.relname from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'tenant_deletions'
       and exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
  ), walk as (
    select oid, 0 as depth from held
    union
    -- What is referred to goes after what refers to it.
    select k.confrelid, walk.depth + 1 from walk join pg_constraint k
        on k.conrelid = walk.oid and k.contype = 'f' and k.confrelid <> k.conrelid
     where walk.depth < 32
  )
  select held.relname, max(walk.depth) from held join walk using (oid)
   group by held.relname order by max(walk.depth), held.relname
$body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.erase(deletion uuid, place name, after uuid, most integer)
  RETURNS TABLE (rows integer, last uuid)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid := lifecycle.erasable(deletion);
  keyed boolean;
begin
  if not exists (select from lifecycle.places() p where p.place = erase.place) then
    raise exception 'There is no such place.' using errcode = 'TC002';
  end if;
  select exists (
    select from pg_index i
     where i.indrelid = format('public.%I', place)::regclass and i.indisprimary
       and (select array_agg(a.attname::text order by k.at)
              from unnest(i.indkey::int2[]) with ordinality k(num, at)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num) = array['tenant_id', 'id']
       and (select a.atttypid = 'uuid'::regtype from pg_attribute a
             where a.attrelid = i.indrelid and a.attname = 'id')
  ) into keyed;
  if keyed then
    -- On from the last one, so that no batch reads over what those before have left behind.
    execute format(
      'with doomed as materialized (
         select t.id from public.%1$I t where t.tenant_id = $1 and t.id > $2 order by t.id limit $3
       ), gone as (
         delete from public.%1$I t using doomed where t.tenant_id = $1 and t.id = doomed.id
       )
       select count(*)::integer, (array_agg(id order by id desc))[1] from doomed', place)
      into rows, last
      using tenant, coalesce(after, '00000000-0000-0000-0000-000000000000'), most;
  else
    execute format(
      'delete from public.%1$I where ctid = any(array(
         select t.ctid from public.%1$I t where t.tenant_id = $1 limit $2)) and tenant_id = $1', place)
      using tenant, most;
    get diagnostics rows = row_count;
  end if;
  if rows > 0 then
    update public.tenant_deletions d
       set counts = jsonb_set(d.counts, array[place::text],
                              to_jsonb(coalesce((d.counts ->> place::text)::bigint, 0) + rows))
     where d.id = deletion;
  end if;
  return next;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.erase_people(deletion uuid, most integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid := lifecycle.erasable(deletion);
  people uuid[];
  gone integer;
begin
  -- Held, so that nobody of them joins another organisation meanwhile; then asked again.
  people := array(
    select u.id from public.users u
     where u.id in (select m.user_id from public.memberships m where m.tenant_id = tenant)
       and not exists (select from public.memberships o where o.user_id = u.id and o.tenant_id <> tenant)
       and not exists (select from public.staff s where s.user_id = u.id)
     limit most for update);
  delete from public.users u
   where u.id = any(people)
     and not exists (select from public.memberships o where o.user_id = u.id and o.tenant_id <> tenant)
     and not exists (select from public.staff s where s.user_id = u.id);
  get diagnostics gone = row_count;
  if gone > 0 then
    update public.tenant_deletions d
       set counts = jsonb_set(d.counts, '{users}',
                              to_jsonb(coalesce((d.counts ->> 'users')::bigint, 0) + gone))
     where d.id = deletion;
  end if;
  return gone;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.erase_mentions(deletion uuid, most integer) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid := lifecycle.erasable(deletion);
  mention text := '%' || tenant::text || '%';
  col record;
  gone integer := 0;
  last integer;
begin
  delete from public.alerts a where a.subject = tenant;
  -- Where rows of several tenants or of none name it, the name goes and the row stays.
  for col in
    select c.oid::regclass as place, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relrowsecurity and a.atttypid in ('text'::regtype, 'jsonb'::regtype)
       and has_column_privilege(c.oid, a.attnum, 'UPDATE')
  loop
    execute format(
      'update %1$s set %2$I = replace(%2$I::text, $1, ''erased'')::%3$s
        where ctid = any(array(select ctid from %1$s where %2$I::text like $2 limit $3))
          and %2$I::text like $2', col.place, col.name, col.type)
      using tenant::text, mention, most;
    get diagnostics last = row_count;
    gone := gone + last;
  end loop;
  return gone;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.erase_tenant(deletion uuid) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid := lifecycle.erasable(deletion);
begin
  delete from public.tenants t where t.id = tenant;
  return found;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.scan(deletion uuid, place name) RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $body$
declare
  tenant uuid := lifecycle.erasable(deletion);
  relation regclass := format('public.%I', place)::regclass;
  own boolean;
  conditions text;
  found bigint;
begin
  select c.relrowsecurity into own from pg_class c where c.oid = relation;
  -- A tenant's own table by its tenant; of all others every column that could hold or name one.
  select string_agg(
           case when a.atttypid = 'uuid'::regtype then format('%I = $1', a.attname)
                when a.atttypid = 'uuid[]'::regtype then format('$1 = any(%I)', a.attname)
                else format('%I::text like $2', a.attname) end, ' or ')
    into conditions
    from pg_attribute a
   where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
     and (a.attname = 'tenant_id'
          or (a.attname = 'id' and relation = 'public.tenants'::regclass)
          or (not own and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype, 'text'::regtype,
                                         'text[]'::regtype, 'jsonb'::regtype, 'json'::regtype,
                                         'varchar'::regtype)));
  if conditions is null then
    return 0;
  end if;
  execute format('select count(*) from %s where %s', relation, conditions)
    into found using tenant, '%' || tenant::text || '%';
  return found;
end $body$;--> statement-breakpoint
CREATE FUNCTION lifecycle.scanned() RETURNS SETOF name
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
  AS $body$
  select c.relname from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm') and not c.relispartition
     and c.relname <> 'tenant_deletions'
     and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
   order by c.relname
$body$;--> statement-breakpoint
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lifecycle FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION lifecycle.close(uuid), lifecycle.places(), lifecycle.erase(uuid, name, uuid, integer), lifecycle.erase_people(uuid, integer), lifecycle.erase_mentions(uuid, integer), lifecycle.erase_tenant(uuid), lifecycle.scan(uuid, name), lifecycle.scanned() TO tenantry_engine;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION lifecycle.erasable(uuid), lifecycle.places() TO tenantry_eraser;--> statement-breakpoint
GRANT CREATE ON SCHEMA lifecycle TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.close(uuid) OWNER TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.erase(uuid, name, uuid, integer) OWNER TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.erase_people(uuid, integer) OWNER TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.erase_mentions(uuid, integer) OWNER TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.erase_tenant(uuid) OWNER TO tenantry_eraser;--> statement-breakpoint
ALTER FUNCTION lifecycle.scan(uuid, name) OWNER TO tenantry_eraser;--> statement-breakpoint
REVOKE CREATE ON SCHEMA lifecycle FROM tenantry_eraser;
