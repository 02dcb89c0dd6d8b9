# Writes the routes of a Rails application as a route manifest for `mcpsentry audit`.
#
#     bin/rails runner rails_routes.rb routes.json
#
# What the actions read and answer is not known to Rails, so the manifest leaves it open.

require "json"

# Collects the routes of an application and of the engines in it.
class RouteManifest
  def initialize
    @routes = []
    @unresolved = []
  end

  def to_h(application)
    application.reload_routes_unless_loaded if application.respond_to?(:reload_routes_unless_loaded)
    walk(application.routes, "")
    {
      "mcpsentry" => 1, "framework" => "rails", "framework_version" => Rails.version,
      "app" => { "name" => application.class.name }, "routes" => @routes, "unresolved" => @unresolved,
    }
  end

  private

  def walk(set, prefix)
    set.routes.each do |route|
      next if route.internal

      path = prefix + route.path.spec.to_s
      inner = inner_application(route)
      if inner.nil? || inner.is_a?(ActionDispatch::Routing::Redirect)
        @routes << entry(route, path)
      elsif inner.respond_to?(:routes) && inner.routes.respond_to?(:routes)
        walk(inner.routes, path.chomp("/"))
      elsif !inner.class.name.to_s.start_with?("ActionCable")
        # WebSockets are no operations; of any other application only its place is known.
        @unresolved << { "where" => path, "reason" => "#{inner.class.name} is mounted there" }
      end
    end
  end

  def entry(route, path)
    action = [route.defaults[:controller], route.defaults[:action]].compact
    made = { "path" => path, "methods" => route.verb.empty? ? ["ANY"] : route.verb.split("|") }
    made["handler"] = action.join("#") unless action.empty?
    made
  end

  # The application that a route leads to, unless it is a controller; constraints are taken off.
  def inner_application(route)
    inner = route.app
    inner = inner.app while inner.is_a?(ActionDispatch::Routing::Mapper::Constraints) && inner.app != inner
    route.dispatcher? || inner.is_a?(ActionDispatch::Routing::RouteSet::Dispatcher) ? nil : inner
  end
end

target = ARGV.last || "routes.json"
manifest = RouteManifest.new.to_h(Rails.application)
File.write(target, JSON.pretty_generate(manifest))
warn "#{manifest["routes"].size} routes in #{target}"
abort "no routes: is this the application that serves them?" if manifest["routes"].empty?
