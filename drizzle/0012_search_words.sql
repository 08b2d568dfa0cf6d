-- Words are compared by pattern, in a quarter of the time. The schema's owner may drop what is in it
-- and belongs to another; so the function is made anew.
DROP FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer);--> statement-breakpoint
CREATE FUNCTION search.resources(
  part text, words text, field text, value text,
  of_kind text, of_connection uuid, presence text, after uuid, most integer
) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 COST 10000
  SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = force_custom_plan
  SET max_parallel_workers_per_gather = 0
  SET enable_sort = off
  SET work_mem = '32MB'
  AS $body$
declare
  tenant uuid := public.current_tenant();
  own text := encode(decode(right(tenant::text, 12), 'hex'), 'base64');
  needle text := lower(part);
  like_needle text := '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  terms text[] := array_remove(string_to_array(search.resource_words(lower(words), '{}'), ' '), '');
  like_terms text[] := array(select '%' || term || '%' from unnest(terms) term);
  separator text := E'[ !-/:-@[-`{-~\t\n\r\u00a0\u00a1\u00ab\u00bb\u00bf\u2010-\u2014\u2018\u2019\u201c-\u201e\u2026\u3000-\u3002\uff08\uff09\uff0c]';
  -- A word has no sign of a pattern in it: those are separators.
  word_patterns text[] := array(
    select '(^|' || separator || ')' || term || case when at = cardinality(terms) then '' else '($|' || separator || ')' end
      from unnest(terms) with ordinality t(term, at));
  like_words text[] := array(
    select '% ' || term || case when at = cardinality(terms) then '%' else ' %' end
      from unnest(terms) with ordinality t(term, at));
  long_words boolean := exists (select from unnest(terms) term where length(term) > 64);
  wanted tsquery;
  start text := '';
  start_id uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  hits uuid[];
  budget integer := 1000;
begin
  if tenant is null then
    return;
  end if;
  if after is not null then
    select r.sort_name into start from public.resources r where r.tenant_id = tenant and r.id = after;
    if start is null then
      return;
    end if;
  end if;

  loop
    -- Rows in order of their names, until there are enough: what is frequent is found at once.
    hits := array(
      select s.id from (
        select r.id, r.sort_name, r.attributes, r.kind, r.connection_id, r.gone_at
          from public.resources r
         where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
         order by r.sort_name, r.id limit budget) s
       where (needle is null or s.sort_name like like_needle)
         and (terms is null
              or s.sort_name like all (like_terms) and s.sort_name ~ all (word_patterns)
              or s.attributes ? 'description' and search.resource_words(s.sort_name, s.attributes) like all (like_words))
         and (value is null or s.attributes ->> field = value)
         and (of_kind is null or s.kind = of_kind)
         and (of_connection is null or s.connection_id = of_connection)
         and (presence = 'all' or (s.gone_at is null) = (presence = 'present'))
       limit most);
    if cardinality(hits) >= most or budget is null then
      return query select unnest(hits);
      return;
    end if;
    if budget = 1000 then
      perform from public.resources r
        where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
        order by r.sort_name, r.id offset 1000 limit 1;
      if not found then
        return query select unnest(hits);
        return;
      end if;
      -- Reading on costs most / density rows, the index costs density * size of them: for a tenant
      -- of 200,000 they are equal at this density.
      if cardinality(hits) * cardinality(hits) >= 5 * most then
        budget := 40000;
        continue;
      end if;
    end if;
    select string_agg(
        '''' || replace(replace(own || lexeme, '\', '\\'), '''', '''''') || case when prefix then ''':*' else '''' end,
        ' & ')::tsquery
      into wanted
      from (
        select 'n' || substr(needle, at, 2), length(needle) = 1
          from generate_series(1, greatest(length(needle) - 1, 1)) at
        union
        select 'w' || left(term, 64), at = cardinality(terms) from unnest(terms) with ordinality t(term, at)
        union
        select 'f' || to_hex(hashtextextended(field || '=' || value, 0)), false
         where length(value) <= 100 and value !~ '^(https?://|[0-9])'
        union
        select 'k' || of_kind, false where of_kind is not null
        union
        select 'c' || encode(decode(right(of_connection::text, 12), 'hex'), 'base64'), false
         where of_connection is not null
        union
        select 'g', false where presence = 'gone') as l(lexeme, prefix);
    exit when wanted is not null;
    budget := null;
  end loop;

  -- Tokens begin with the tenant, so that the index holds nobody else's rows under them. The tenant
  -- is compared in a form that no other index serves.
  return query
    select r.id from public.resources r
     where search.resource_tokens(r.tenant_id, r.sort_name, r.attributes, r.kind, r.connection_id, r.gone_at is not null) @@ wanted
       and r.tenant_id is not distinct from tenant
       and (needle is null or r.sort_name like like_needle)
       and (not long_words or search.resource_words(r.sort_name, r.attributes) like all (like_words))
       and (value is null or r.attributes ->> field = value)
       and (of_kind is null or r.kind = of_kind)
       and (of_connection is null or r.connection_id = of_connection)
       and (presence = 'all' or (r.gone_at is null) = (presence = 'present'))
       and (r.sort_name, r.id) > (start, start_id)
     order by r.sort_name, r.id limit most;
end $body$;--> statement-breakpoint
REVOKE ALL ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer) TO tenantry_app;--> statement-breakpoint
GRANT CREATE ON SCHEMA search TO tenantry_search;--> statement-breakpoint
ALTER FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer) OWNER TO tenantry_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA search FROM tenantry_search;
