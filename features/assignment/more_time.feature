Feature: Who has the case asks, who is above gives
  A broken agreement leaves the case with whoever has it. More time is the county's to give: a request for it goes
  there, past the head of the station, and the case stays where it is meanwhile.

  Background:
    Given it is Friday 1 March 2024, 10:00
    And Asha and Bram agreed before Ou on something due on Monday 22 April 2024
    And it has become Tuesday 23 April 2024, 00:00

  Rule: case_limit - thirty days more are asked of the county
    Scenario: The agreement is broken
      When Ou asks the county for thirty days more
      Then the request waits for "Head of the station of the County"
      And Ou holds the seat of the handler
      And the deadline "Case to be closed" is Wednesday 22 May 2024

    Scenario: The county says yes
      Given Ou has asked the county for thirty days more
      When Cao grants the request
      Then the deadline "Case to be closed" is Friday 21 June 2024
      And Ou holds the seat of the handler

    Scenario: The station's head says yes
      Given Ou has asked the county for thirty days more
      When Chen grants the request
      Then it is refused because it "may extend"
      And the deadline "Case to be closed" is Wednesday 22 May 2024
