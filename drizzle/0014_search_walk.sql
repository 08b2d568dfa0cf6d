-- A search reads names from the index alone, looks at the rest of a row only where the name fits, goes
-- on from where it was instead of beginning anew, and counts without sorting. The schema's owner may
-- drop what is in it and belongs to another; so the function is made anew. The last argument may be
-- left out, for processes of the version before.
DROP FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer);--> statement-breakpoint
CREATE FUNCTION search.resources(
  part text, words text, field text, value text,
  of_kind text, of_connection uuid, presence text, after uuid, most integer, ordered integer DEFAULT NULL
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
  page integer := least(coalesce(ordered, most), most);
  hits uuid[] := '{}';
  -- Names lie in the index: where they are all that tells rows apart, the rest of a row is read for
  -- those that fit.
  named boolean := (needle is not null or terms is not null)
    and value is null and of_kind is null and of_connection is null and presence <> 'gone';
  by_name boolean := named and terms is null;
  budget integer := 1000;
  goal integer := most;
  first_hits integer;
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
    if by_name then
      hits := hits || array(
        select s.id from (
          select r.id, r.sort_name from public.resources r
           where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
           order by r.sort_name, r.id limit budget) s
         where (needle is null or s.sort_name like like_needle)
           and (terms is null or s.sort_name like all (like_terms) and s.sort_name ~ all (word_patterns))
           and (presence = 'all'
                or (select (r.gone_at is null) = (presence = 'present')
                      from public.resources r where r.tenant_id = tenant and r.id = s.id))
         limit goal - cardinality(hits));
    else
      hits := hits || array(
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
         limit goal - cardinality(hits));
    end if;
    if cardinality(hits) >= most or budget is null then
      return query select unnest(hits);
      return;
    end if;
    if first_hits is null then
      perform from public.resources r
        where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
        order by r.sort_name, r.id offset 1000 limit 1;
      if not found then
        return query select unnest(hits);
        return;
      end if;
      first_hits := cardinality(hits);
    elsif by_name and terms is not null then
      -- What is described by these words is not among them.
      hits := hits[1:first_hits];
    end if;
    -- Go on after the last one.
    if cardinality(hits) > 0 then
      start_id := hits[cardinality(hits)];
      select r.sort_name into start from public.resources r where r.tenant_id = tenant and r.id = start_id;
    end if;

    if budget = 1000 then
      -- Reading on costs rows / density, the index costs density * size of them: these are the
      -- densities at which they are equal for a tenant of 200,000.
      if first_hits >= page then
        -- What is left is only counted, in whatever order.
        by_name := named;
        goal := most;
        budget := case when first_hits >= case when by_name then 25 else 95 end then 20000 end;
      elsif by_name then
        goal := case when first_hits >= 25 then most else page end;
        budget := case when 5 * first_hits * first_hits >= 2 * page then 40000 end;
      else
        goal := page;
        budget := case when first_hits * first_hits >= 4 * page then 20000 end;
      end if;
      continue when budget is not null;
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
    by_name := false;
    goal := most;
    budget := null;
  end loop;

  -- Tokens begin with the tenant, so that the index holds nobody else's rows under them. The tenant
  -- is compared in a form that no other index serves.
  if cardinality(hits) >= page then
    return query select unnest(hits);
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
       limit most - cardinality(hits);
    return;
  end if;
  return query select unnest(hits);
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
     order by r.sort_name, r.id limit most - cardinality(hits);
end $body$;--> statement-breakpoint
REVOKE ALL ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) TO tenantry_app;--> statement-breakpoint
GRANT CREATE ON SCHEMA search TO tenantry_search;--> statement-breakpoint
ALTER FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) OWNER TO tenantry_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA search FROM tenantry_search;
